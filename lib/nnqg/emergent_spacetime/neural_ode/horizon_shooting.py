r"""The other direction: from a regular horizon outwards to the quark mass and the condensate, without labels or windows.

At :math:`t = 1` the field is :math:`(\phi, \pi) = (\phi_h, 0)`. Integrated to :math:`t = 0` it is compared with the boundary expansion

.. math::
    3\phi + \pi = 2\alpha e^{-1} - \tfrac12\lambda\alpha^3 e^{-3}, \qquad
    \phi = \alpha e^{-1} + (\beta - \tfrac12\lambda\alpha^3)\,e^{-3},

which gives source and response. Outwards the equation is stable where inwards it amplifies. Weights, masses and condensates are as in
`nnqg.emergent_spacetime.neural_ode.inwards`.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.condensate.data import SOURCE_SCALE, VEV_SCALE
from nnqg.emergent_spacetime.neural_ode import _kernels as kernels
from nnqg.emergent_spacetime.neural_ode._kernels import DECAY_1, DECAY_3
from nnqg.emergent_spacetime.neural_ode.inwards import friction_nodes
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["linear_response", "outwards", "predict"]

LARGEST_SOURCE = 10.0  # three times where the boundary expansion of lam = 1 ends


@checked
def outwards(
    weights: Float[np.ndarray, " weight"], horizon: Float[np.ndarray, " data"], steps: int = 60
) -> tuple[Float[np.ndarray, " data"], Float[np.ndarray, " data"]]:
    r"""Field and momentum at the boundary end, :math:`\eta = 1`, of fields that are regular at the horizon; L plays no role.

    Examples
    --------
    >>> phi, pi_ = outwards(np.array([0.0, 0.0, 1.0]), np.array([1.0]))  # phi'' = -3 phi
    >>> bool(abs(phi[0] - np.cos(np.sqrt(3.0))) < 1e-6)
    True
    """
    checks.array("horizon", horizon, shape=("data",))
    h = np.ascontiguousarray(-friction_nodes(weights, steps)[::-1])  # backwards in t: h and pi change sign
    state, past = np.zeros((8, horizon.size)), np.empty((2, steps, horizon.size))
    state[0] = horizon
    kernels.march(h, weights[-2], state, past)
    return state[0], -state[1]


@checked
def linear_response(weights: Float[np.ndarray, " weight"], steps: int = 60) -> float:
    r"""Response over source, :math:`\beta/\alpha`, of the linear field: its sign is that of the condensate, and only h matters.

    Examples
    --------
    >>> round(linear_response(np.array([4.0, 0.0, 1.0])), 3)  # -(1/3) e^0 with the horizon at eta = 0
    -0.333
    """
    phi, pi_ = outwards(np.concatenate([weights[:-2], [0.0, 1.0]]), np.ones(1), steps)
    source = (3 * phi + pi_) / (2 * DECAY_1)
    return float(((phi - source * DECAY_1) / DECAY_3 / source)[0])


@checked
def predict(weights: Float[np.ndarray, " weight"], mass: Float[np.ndarray, " data"], steps: int = 60) -> Float[np.ndarray, " data"]:
    """Condensates of a model: the regular field of smallest amplitude that arrives at each mass, which is positive.

    The field at the horizon is found to 1e-10 relative. A mass with a source ``SOURCE_SCALE * radius * mass`` above 10 is refused.

    Raises
    ------
    NotConverged
        If no field up to 1000 times the linear one arrives at a mass.

    Examples
    --------
    >>> twice = predict(np.array([2.0, 0.0, 1.0]), np.array([0.01, 0.02]))
    >>> round(float(twice[1] / twice[0]), 9)
    2.0
    """
    checks.array("mass", mass, shape=("data",))
    checks.number("smallest mass", float(mass.min()), above=0)
    lam, radius = weights[-2:]
    source = SOURCE_SCALE * radius * mass[:, None]  # [data, 1]
    if abs(source).max() > LARGEST_SOURCE:
        wanted = f"values in GeV, up to {LARGEST_SOURCE / abs(SOURCE_SCALE * radius):.3g} for radius {radius:.3g}"
        raise InvalidArgument("mass", wanted, f"{mass.max():g}", "convert mass to GeV")
    cubic = 0.5 * lam * source**3 * DECAY_3
    phi, pi_ = outwards(np.concatenate([weights[:-2], [0.0, 1.0]]), np.ones(1), steps)
    linear = 2 * DECAY_1 * source / float(3 * phi[0] + pi_[0])
    low, high = 0.0 * linear, 1e3 * linear

    def arrival(horizon: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        phi, pi_ = (part.reshape(horizon.shape) for part in outwards(weights, horizon.ravel(), steps))
        return 3 * phi + pi_ - 2 * DECAY_1 * source + cubic, (phi - source * DECAY_1 + cubic) / DECAY_3

    grid = np.concatenate([[0.0], np.geomspace(1e-3, 1.0, 600)])
    for _ in range(5):  # the first pass brackets, each of the others narrows by 30 at least
        horizon = low + (high - low) * grid
        crossed = arrival(horizon)[0] > 0
        first = crossed.argmax(axis=1)
        if not (first > 0).all():
            raise NotConverged("condensate", "a mass that no field arrives at", "check h and lam")
        rows = np.arange(mass.size)
        low, high = horizon[rows, first - 1][:, None], horizon[rows, first][:, None]
        grid = np.linspace(0.0, 1.0, 31)
    below, above = (arrival(end) for end in (low, high))
    share = below[0] / (below[0] - above[0])
    return ((1 - share) * below[1] + share * above[1])[:, 0] / (VEV_SCALE * radius**3)
