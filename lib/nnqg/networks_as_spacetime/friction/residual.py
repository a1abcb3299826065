r"""How far is a particle from stopping? The final velocity, divided by what makes it comparable between particles and between h.

A particle that should stop has :math:`v_T(x_0, v_0) = 0`. Three residuals vanish exactly then:

- ``none``: :math:`v_T` itself, which also vanishes for every particle when the friction is huge;
- ``newton``: :math:`v_T / (\partial v_T / \partial v_0)`, Newton's estimate of the error in :math:`v_0`;
- ``distance``: :math:`v_T / |\nabla v_T|` with the gradient in the :math:`(x_0, v_0)` plane, the distance to the stop curve to first order.

The last is always finite: the flow is invertible, so :math:`\nabla v_T` never vanishes.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.networks_as_spacetime.friction.adjoint import pull_back
from nnqg.networks_as_spacetime.friction.flow import final_state, propagate
from nnqg.networks_as_spacetime.friction.network import FrictionNetwork

__all__ = ["TANGENTS", "normalise", "stop_jacobian", "stop_residual"]

TANGENTS = {"none": 0, "newton": 1, "distance": 2}
"""How many tangents each normalisation needs."""


@checked(nan=("final", "return"))
def normalise(
    final: Float[np.ndarray, "pair 2 fit data"], normalisation: str
) -> tuple[Float[np.ndarray, "fit data"], Float[np.ndarray, "pair 2 fit data"]]:
    r"""Residual :math:`r = v_T / |u|` of a final state and its derivative, with u the part of :math:`\nabla v_T` that is used.

    .. math:: \partial r / \partial v_T = 1 / |u|, \qquad \partial r / \partial u_k = -v_T u_k / |u|^3.

    With two tangents u is the whole gradient and abs(u) its length; with one ("newton") its sign is kept. r is infinite where u is 0.

    Examples
    --------
    >>> final = np.array([[0.0, 6.0], [0.0, 3.0], [0.0, 4.0]]).reshape(3, 2, 1, 1)
    >>> float(normalise(final, "distance")[0].item())
    1.2
    """
    tangents = TANGENTS[checks.option("normalisation", normalisation, TANGENTS)]
    checks.count(
        "pairs of the final state",
        len(np.atleast_1d(checks.instance("final", final, np.ndarray))),
        minimum=1 + tangents,
        maximum=1 + tangents,
    )
    velocity, gradient = final[0, 1], final[1:, 1]
    cotangent = np.zeros_like(final)
    with np.errstate(all="ignore"):
        size = gradient[0] if normalisation == "newton" else np.sqrt((gradient**2).sum(axis=0)) if tangents else 1.0
        cotangent[0, 1] = 1 / size
        cotangent[1:, 1] = -velocity * gradient / size**3
        return velocity / size, cotangent


@checked
def stop_residual(
    network: FrictionNetwork, friction: Float[np.ndarray, "fit time"], initial: Float[np.ndarray, "#fit data 2"], normalisation: str
) -> Float[np.ndarray, "fit data"]:
    """Residual of every particle for every candidate h, given at ``network.times``; the normalisations are those of the module.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> free = FrictionNetwork(Particle((0.0, 0.0)))
    >>> stop_residual(free, np.zeros((1, 321)), np.array([[[1.0, 3.0]]]), "newton").round(12)
    array([[3.]])
    """
    tangents = TANGENTS[checks.option("normalisation", normalisation, TANGENTS)]
    return normalise(final_state(network, friction, initial, tangents=tangents), normalisation)[0]


@checked
def stop_jacobian(
    network: FrictionNetwork, friction: Float[np.ndarray, "fit time"], initial: Float[np.ndarray, "#fit data 2"], normalisation: str
) -> Float[np.ndarray, "fit data time"]:
    """Exact derivative of `stop_residual` with respect to h at every time.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> free = FrictionNetwork(Particle((0.0, 0.0)))
    >>> round(float(stop_jacobian(free, np.zeros((1, 321)), np.array([[[1.0, 3.0]]]), "none").sum()), 9)
    30.0
    """
    tangents = TANGENTS[checks.option("normalisation", normalisation, TANGENTS)]
    states = propagate(network, friction, initial, tangents=tangents)
    return pull_back(network, friction, states, normalise(states[-1], normalisation)[1])
