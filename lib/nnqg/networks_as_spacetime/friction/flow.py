"""Forward through the layers of a friction network: from initial data to final states, for many candidates h at once."""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.friction import _kernels
from nnqg.networks_as_spacetime.friction.network import FrictionNetwork
from nnqg.runge_kutta import TABLEAUX

__all__ = ["final_state", "propagate"]


@checked(nan=("return",))
def propagate(
    network: FrictionNetwork,
    friction: Float[np.ndarray, "fit time"],
    initial: Float[np.ndarray, "#fit data 2"],
    *,
    tangents: int = 0,
    allow_divergence: bool = False,
) -> Float[np.ndarray, "state pair 2 fit data"]:
    """The states before, between and after the layers; h is given at ``network.times``, one row a candidate.

    Tangents are the derivatives with respect to the initial velocity (from 1 on) and to the initial position (2). Where divergence is
    allowed, overflowed trajectories come back as infinities or NaN.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> free = FrictionNetwork(Particle((0.0, 0.0)), duration=2.0)
    >>> propagate(free, np.zeros((1, 321)), np.array([[[1.0, 3.0]]]))[-1, 0, :, 0, 0].round(12)
    array([7., 3.])
    """
    return _march(network, friction, initial, tangents, network.layers + 1, allow_divergence)


@checked(nan=("return",))
def final_state(
    network: FrictionNetwork,
    friction: Float[np.ndarray, "fit time"],
    initial: Float[np.ndarray, "#fit data 2"],
    *,
    tangents: int = 0,
    allow_divergence: bool = False,
) -> Float[np.ndarray, "pair 2 fit data"]:
    """The state after the last layer only; arguments as in `propagate`.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> oscillator = FrictionNetwork(Particle((0.0, 0.0, -0.5)), duration=np.pi)
    >>> final_state(oscillator, np.zeros((1, 321)), np.array([[[1.0, 0.0]]]))[0, :, 0, 0].round(6) + 0.0
    array([-1.,  0.])
    """
    return _march(network, friction, initial, tangents, 1, allow_divergence)[0]


def _march(
    network: FrictionNetwork, friction: np.ndarray, initial: np.ndarray, tangents: int, kept: int, allow_divergence: bool
) -> np.ndarray:
    checks.array("friction", friction, shape=(None, 2 * network.layers + 1))
    checks.array("initial", initial, shape=(None, None, 2))
    if len(initial) not in (1, len(friction)):
        raise InvalidArgument("initial", f"initial data for 1 or {len(friction)} candidates", len(initial), "give each candidate its data")
    checks.option("tangents", tangents, (0, 1, 2))
    start = np.zeros((1 + tangents, 2, len(friction), initial.shape[1]))
    start[0] = np.moveaxis(initial, -1, 0)
    for pair, component in ((1, 1), (2, 0))[:tangents]:  # by v0, by x0
        start[pair, component] = 1.0
    states, rows = np.empty((kept, *start.shape)), (-1, *start.shape[2:])
    _, nodes, weights = TABLEAUX[network.scheme]
    layers = (friction / network.particle.mass, network.particle.accelerations, network.step, np.array(nodes), np.array(weights))
    _kernels.march(start.reshape(rows), *layers, states.reshape(kept, *start.reshape(rows).shape))
    if allow_divergence:
        return states
    remedy = "use more layers, a smaller h or smaller initial data"
    return checks.finite_result("friction network", states, where="some layer", remedy=remedy)
