r"""Least squares for the condensates by shooting from the horizon: all weights, or the two scales of a given h.

Unknown are h, lam and L, and the field at the horizon of each data point; each point has two residuals, its mass and its condensate.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.optimize import least_squares

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.condensate.data import LATTICE, SOURCE_SCALE, VEV_SCALE
from nnqg.emergent_spacetime.neural_ode import _kernels as kernels
from nnqg.emergent_spacetime.neural_ode._kernels import DECAY_1, DECAY_3
from nnqg.emergent_spacetime.neural_ode.horizon_shooting import linear_response, outwards
from nnqg.emergent_spacetime.neural_ode.inwards import powers
from nnqg.errors import NotConverged

__all__ = ["Fit", "fit", "fit_scales"]

DIFFERENCE = 6e-6  # of the central differences: the cube root of the rounding
MASS_TOLERANCE = 1e-3  # relative weight of hitting the mass; it can always be hit
COUPLINGS = (1e-4, 1e-2, 1.0, 100.0, 1e4, 1e6)  # starts of the coupling when only the scales are fitted


@checked
class Fit(NamedTuple):
    """A fitted model: its weights, the condensates that it predicts in GeV^3, and the sum over the data of (miss / error)^2."""

    weights: Float[np.ndarray, " weight"]
    condensate: Float[np.ndarray, " data"]
    chi_squared: float


@checked(quantities=LATTICE)
def fit(
    start: Float[np.ndarray, " weight"],
    mass: Float[np.ndarray, " data"],
    condensate: Float[np.ndarray, " data"],
    error: Float[np.ndarray, " data"],
    *,
    friction: bool = True,
    ridge: float = 0.1,
    steps: int = 60,
    evaluations: int = 200,
) -> Fit:
    """Least squares for the condensates; unknown are h (or not), lam, L and the field at the horizon of each point.

    With ``friction`` h is fitted too; then the residuals hold h(eta = 1) - 4 and ``ridge`` times the change of each coefficient.

    Raises
    ------
    NotConverged
        If the field of a point does not arrive at its mass within a percent.

    Examples
    --------
    >>> flat = np.array([2.0, 0.0, 1.0])  # h = 2: a condensate of the right sign
    >>> q = linear_response(flat) * SOURCE_SCALE / VEV_SCALE * 0.01 / 4.0
    >>> found = fit(flat, np.array([0.01]), np.array([q]), np.array([q / 100]), friction=False)
    >>> bool(found.chi_squared < 1e-6)
    True
    """
    checks.array("start", start, shape=("weight",))
    checks.array("mass", mass, shape=("data",), minimum=np.finfo(float).tiny)
    checks.array("condensate", condensate, shape=mass.shape)
    checks.array("error", error, shape=mass.shape, minimum=np.finfo(float).tiny)
    keep = start.size - 2 if friction else 0
    phi, pi_ = outwards(np.concatenate([start[:-2], [0.0, 1.0]]), np.ones(1), steps)
    unit = float(3 * phi[0] + pi_[0])
    sign = np.sign(unit)

    def model(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Weights, arrival (1 is right) and condensates of many models, one row each."""
        h = x[:, :keep] if friction else np.broadcast_to(start[:-2], (len(x), start.size - 2))
        weights = np.column_stack([h, x[:, keep], np.exp(x[:, keep + 1])])
        phi, pi_ = _outwards(weights, sign * np.exp(x[:, keep + 2 :]), steps)
        source = SOURCE_SCALE * weights[:, -1:] * mass
        cubic = 0.5 * weights[:, -2:-1] * source**3 * DECAY_3
        arrived = (3 * phi + pi_ + cubic) / (2 * source * DECAY_1)
        return weights, arrived, (phi - source * DECAY_1 + cubic) / DECAY_3 / (VEV_SCALE * weights[:, -1:] ** 3)

    def residuals(x: np.ndarray) -> np.ndarray:
        weights, arrived, predicted = model(x)
        held = [weights[:, :1] - 4.0, ridge * (x[:, :keep] - start[:keep])] if friction else []
        return np.clip(np.hstack([(arrived - 1) / MASS_TOLERANCE, (predicted - condensate) / error, *held]), -1e8, 1e8)

    def jacobian(x: np.ndarray) -> np.ndarray:
        size = DIFFERENCE * np.maximum(1.0, np.abs(x))
        up, down = (residuals(x + sign * np.diag(size)) for sign in (1.0, -1.0))
        return ((up - down) / (2 * size[:, None])).T

    horizon = np.log(np.abs(2 * DECAY_1 * SOURCE_SCALE * start[-1] * mass / unit))
    x = np.concatenate([start[:keep], [start[-2], np.log(start[-1])], horizon])
    with np.errstate(over="ignore", invalid="ignore"):
        most = checks.count("evaluations", evaluations)
        best = least_squares(lambda x: residuals(x[None])[0], x, jac=jacobian, x_scale="jac", max_nfev=most)
        weights, arrived, predicted = (found[0] for found in model(best.x[None]))
    if not np.abs(arrived - 1).max() < 0.01:
        raise NotConverged("shooting", f"a mass is missed by {np.abs(arrived - 1).max():.1e}", "start from other weights")
    return Fit(weights, predicted, float((((predicted - condensate) / error) ** 2).sum()))


def _outwards(weights: np.ndarray, horizon: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """`horizon_shooting.outwards` for many models, one row each, unchecked."""
    h = np.ascontiguousarray(-(weights[:, :-2] @ powers(weights.shape[1] - 2, steps))[:, ::-1])
    state, past = np.zeros((len(weights), 8, horizon.shape[1])), np.empty((2, steps, horizon.shape[1]))
    state[:, 0] = horizon
    kernels.march_all(h, np.ascontiguousarray(weights[:, -2]), state, past)
    return state[:, 0], -state[:, 1]


@checked(quantities=LATTICE)
def fit_scales(
    coefficients: Float[np.ndarray, " power"],
    mass: Float[np.ndarray, " data"],
    condensate: Float[np.ndarray, " data"],
    error: Float[np.ndarray, " data"],
) -> Fit | None:
    """Best lam and L for a given h, from several starts; None when the linear condensate has the wrong sign.

    Raises
    ------
    NotConverged
        If no start converges.

    Examples
    --------
    >>> one = np.array([0.01])
    >>> fit_scales(np.array([4.0]), one, one, one) is None
    True
    """
    checks.array("coefficients", coefficients, shape=("power",))
    checks.array("mass", mass, shape=("data",), minimum=np.finfo(float).tiny)
    checks.array("condensate", condensate, shape=mass.shape)
    checks.array("error", error, shape=mass.shape, minimum=np.finfo(float).tiny)
    slope = linear_response(np.concatenate([coefficients, [0.0, 1.0]]))
    if slope <= 0:
        return None
    radius = np.sqrt(slope * SOURCE_SCALE / VEV_SCALE / (condensate / mass).max())
    found = []
    for coupling in COUPLINGS:
        start = np.concatenate([coefficients, [coupling, radius]])
        try:
            found.append(fit(start, mass, condensate, error, friction=False))
        except NotConverged:
            continue
    if not found:
        raise NotConverged("scales", "no start converged", "check h")
    return min(found, key=lambda one: one.chi_squared)
