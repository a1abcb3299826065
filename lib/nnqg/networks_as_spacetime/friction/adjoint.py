r"""Backward through the layers of a friction network: backpropagation, written out for Runge-Kutta layers.

The backward pass is the adjoint equation of the particle, run from the last layer to the first. One pass gives, for every particle
separately, how its outcome depends on h at *every* time: each particle sees its own replica of the weights.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.networks_as_spacetime.friction.network import SCHEMES, FrictionNetwork

__all__ = ["pull_back"]


def pull_back(
    network: FrictionNetwork,
    friction: Float[np.ndarray, "fit time"],
    states: Float[np.ndarray, "state pair 2 fit data"],
    cotangent: Float[np.ndarray, "pair 2 fit data"],
) -> Float[np.ndarray, "fit data time"]:
    r"""Gradient of one number per particle with respect to h at every time, exact for the layers.

    If the number is :math:`F(s_N)` with the last state :math:`s_N`, the cotangent is :math:`c_N = \partial F / \partial s_N`, and

    .. math:: c_n = c_{n+1} \frac{\partial s_{n+1}}{\partial s_n}, \qquad
        \frac{\partial F}{\partial h_n} = c_{n+1} \frac{\partial s_{n+1}}{\partial h_n}.

    Parameters
    ----------
    network : FrictionNetwork
        The layers.
    friction : numpy.ndarray, shape (fit, time)
        The h that made the states.
    states : numpy.ndarray, shape (layers + 1, pair, 2, fit, data)
        From `propagate`.
    cotangent : numpy.ndarray, shape (pair, 2, fit, data)
        Derivative of the number with respect to the last state.

    Returns
    -------
    numpy.ndarray, shape (fit, data, time)
        The gradient. Divided by the quadrature weights of Simpson's rule it is the functional derivative :math:`\delta F / \delta h(t)`.

    Raises
    ------
    InvalidArgument
        If shapes do not fit together or an entry is not finite.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> from nnqg.networks_as_spacetime.friction.flow import propagate
    >>> free, h = FrictionNetwork(Particle((0.0, 0.0)), duration=2.0), np.zeros((1, 321))
    >>> states = propagate(free, h, np.array([[[1.0, 3.0]]]))
    >>> velocity = np.array([0.0, 1.0]).reshape(1, 2, 1, 1)
    >>> round(float(pull_back(free, h, states, velocity).sum()), 12)
    6.0

    Notes
    -----
    The example: a constant h multiplies the velocity 3 by exp(2 h), so that the derivative at h = 0 is 6.
    """
    checks.array("friction", friction, shape=(None, 2 * network.layers + 1))
    checks.array("states", states, shape=(network.layers + 1, None, 2, len(friction), None))
    checks.array("cotangent", cotangent, shape=states.shape[1:])
    nodes, weights = SCHEMES[network.scheme]
    kernel = np.zeros((len(network.times), *cotangent.shape[2:]))
    for layer in reversed(range(network.layers)):
        stages = list(network.stages(states[layer], friction, layer))
        before = cotangent
        later_rate, later_node = None, 0.0
        for (time, at, _), node, weight in reversed(list(zip(stages, nodes, weights, strict=True))):
            rate = weight * network.step * cotangent
            if later_rate is not None:
                rate += later_node * network.step * later_rate
            later_rate, from_friction = _pull_back_rate(network, at, friction[:, time, None], rate)
            later_node = node
            before = before + later_rate
            kernel[time] += from_friction
        cotangent = before
    return np.moveaxis(kernel, 0, -1)


def _pull_back_rate(network: FrictionNetwork, state: np.ndarray, friction: np.ndarray, rate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Transposed derivative of `FrictionNetwork.rate`: from the cotangent of the rate to those of the state and of h."""
    particle = network.particle
    x = state[0, 0]
    back = np.empty_like(rate)
    np.multiply(particle._acceleration(x, 1), rate[:, 1], out=back[:, 0])
    np.multiply(friction / particle.mass, rate[:, 1], out=back[:, 1])
    back[:, 1] += rate[:, 0]
    if len(state) > 1:
        back[0, 0] += particle._acceleration(x, 2) * (state[1:, 0] * rate[1:, 1]).sum(axis=0)
    return back, (state[:, 1] * rate[:, 1]).sum(axis=0) / particle.mass
