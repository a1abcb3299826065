r"""Backward through the layers of a friction network: backpropagation, written out for Runge-Kutta layers.

The backward pass is the adjoint equation of the particle, run from the last layer to the first. One pass gives, for every particle
separately, how its outcome depends on h at *every* time: each particle sees its own replica of the weights.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.networks_as_spacetime.friction import _kernels
from nnqg.networks_as_spacetime.friction.network import FrictionNetwork
from nnqg.runge_kutta import TABLEAUX

__all__ = ["pull_back"]


@checked
def pull_back(
    network: FrictionNetwork,
    friction: Float[np.ndarray, "fit time"],
    states: Float[np.ndarray, "state pair 2 fit data"],
    cotangent: Float[np.ndarray, "pair 2 fit data"],
) -> Float[np.ndarray, "fit data time"]:
    r"""Gradient of one number per particle with respect to h at every time, exact for the layers.

    If the number is :math:`F(u_N)` with the last state :math:`u_N`, the cotangent is :math:`a_N = \partial F / \partial u_N`, and

    .. math:: a_n = a_{n+1} \frac{\partial u_{n+1}}{\partial u_n}, \qquad
        \frac{\partial F}{\partial h_n} = a_{n+1} \frac{\partial u_{n+1}}{\partial h_n}.

    Divided by the quadrature weights of Simpson's rule it is the functional derivative :math:`\delta F / \delta h(t)`.
    The states are those of `nnqg.networks_as_spacetime.friction.flow.propagate` with this h.

    Examples
    --------
    A constant h multiplies the velocity 3 by exp(2 h), so that the derivative at h = 0 is 6.

    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> from nnqg.networks_as_spacetime.friction.flow import propagate
    >>> free, h = FrictionNetwork(Particle((0.0, 0.0)), duration=2.0), np.zeros((1, 321))
    >>> states = propagate(free, h, np.array([[[1.0, 3.0]]]))
    >>> velocity = np.array([0.0, 1.0]).reshape(1, 2, 1, 1)
    >>> round(float(pull_back(free, h, states, velocity).sum()), 12)
    6.0
    """
    checks.array("friction", friction, shape=(None, 2 * network.layers + 1))
    checks.array("states", states, shape=(network.layers + 1, None, 2, len(friction), None))
    checks.array("cotangent", cotangent, shape=states.shape[1:])
    fits, data = cotangent.shape[2:]
    rows = (-1, fits, data)
    states = np.ascontiguousarray(states).reshape(len(states), *rows)
    cotangent = np.ascontiguousarray(cotangent).reshape(rows)
    kernel, mass = np.zeros((fits, len(network.times), data)), network.particle.mass
    _, nodes, weights = TABLEAUX[network.scheme]
    layers = (network.particle.accelerations, network.step, np.array(nodes), np.array(weights))
    _kernels.pull(states, friction / mass, cotangent, *layers, kernel)
    return np.moveaxis(kernel, 1, 2) / mass
