"""Forward through the layers of a friction network: from initial data to final states, for many candidates h at once."""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.friction.network import SCHEMES, FrictionNetwork

__all__ = ["final_state", "propagate"]


def propagate(
    network: FrictionNetwork,
    friction: Float[np.ndarray, "fit time"],
    initial: Float[np.ndarray, "#fit data 2"],
    *,
    tangents: int = 0,
    allow_divergence: bool = False,
) -> Float[np.ndarray, "state pair 2 fit data"]:
    """Push initial data through all layers, for many h at once, and keep every state.

    Parameters
    ----------
    network : FrictionNetwork
        The layers.
    friction : numpy.ndarray, shape (fit, time)
        h at ``network.times``, one row a candidate.
    initial : numpy.ndarray, shape (fit, data, 2) or (1, data, 2)
        Initial (x, v), for each candidate or for all.
    tangents : {0, 1, 2}
        Also carry the derivative with respect to the initial velocity (1), and to the initial position (2).
    allow_divergence : bool
        Return overflowed trajectories as infinities or NaN instead of raising.

    Returns
    -------
    numpy.ndarray, shape (layers + 1, 1 + tangents, 2, fit, data)
        The states before, between and after the layers.

    Raises
    ------
    InvalidArgument
        If shapes do not fit the network, an entry is not finite or an option unknown.
    Diverged
        If a trajectory overflows.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> free = FrictionNetwork(Particle((0.0, 0.0)), duration=2.0)
    >>> propagate(free, np.zeros((1, 321)), np.array([[[1.0, 3.0]]]))[-1, 0, :, 0, 0].round(12)
    array([7., 3.])

    Notes
    -----
    Derived on the page ``networks-as-spacetime/friction``.
    """
    states = np.stack(list(_march(network, friction, initial, tangents)))
    return states if allow_divergence else _finite(states)


def final_state(
    network: FrictionNetwork,
    friction: Float[np.ndarray, "fit time"],
    initial: Float[np.ndarray, "#fit data 2"],
    *,
    tangents: int = 0,
    allow_divergence: bool = False,
) -> Float[np.ndarray, "pair 2 fit data"]:
    """Push initial data through all layers and keep the last state only.

    Parameters
    ----------
    network, friction, initial, tangents, allow_divergence
        As in `propagate`.

    Returns
    -------
    numpy.ndarray, shape (1 + tangents, 2, fit, data)
        The state after the last layer.

    Raises
    ------
    InvalidArgument
        If shapes do not fit the network, an entry is not finite or an option unknown.
    Diverged
        If a trajectory overflows.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> oscillator = FrictionNetwork(Particle((0.0, 0.0, -0.5)), duration=np.pi)
    >>> final_state(oscillator, np.zeros((1, 321)), np.array([[[1.0, 0.0]]]))[0, :, 0, 0].round(6) + 0.0
    array([-1.,  0.])
    """
    for state in _march(network, friction, initial, tangents):
        last = state
    return last if allow_divergence else _finite(last)


def _march(network: FrictionNetwork, friction: np.ndarray, initial: np.ndarray, tangents: int) -> Iterator[np.ndarray]:
    checks.array("friction", friction, shape=(None, 2 * network.layers + 1))
    checks.array("initial", initial, shape=(None, None, 2))
    if len(initial) not in (1, len(friction)):
        raise InvalidArgument("initial", f"initial data for 1 or {len(friction)} candidates", len(initial), "give each candidate its data")
    checks.option("tangents", tangents, (0, 1, 2))
    state = np.zeros((1 + tangents, 2, len(friction), initial.shape[1]))
    state[0] = np.moveaxis(initial, -1, 0)
    for pair, component in list(enumerate((1, 0), start=1))[:tangents]:
        state[pair, component] = 1.0
    yield state
    for layer in range(network.layers):
        with np.errstate(over="ignore", invalid="ignore"):
            state = state + network.step * sum(
                weight * rate
                for weight, (_, _, rate) in zip(SCHEMES[network.scheme][1], network.stages(state, friction, layer), strict=True)
            )
        yield state


def _finite(states: np.ndarray) -> np.ndarray:
    remedy = "use more layers, a smaller h or smaller initial data"
    return checks.finite_result("friction network", states, where="some layer", remedy=remedy)
