r"""What a handful of points on a smooth, odd curve can know: two numbers.

Near a second-order point the source is an odd power series of the response, :math:`m_q = q/R + C q^3 + \dots` with
:math:`q = \langle\bar qq\rangle`. R is the response of the massless theory, C how fast it saturates. Nothing here knows of gravity.
Masses in GeV, condensates in GeV^3. Page ``emergent-spacetime/dilaton-at-finite-temperature``.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.optimize import least_squares

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.condensate.data import LATTICE
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["LandauFit", "fit_landau", "landau_condensate"]


@checked
@dataclass(frozen=True)
class LandauFit:
    """R in GeV^2 and C in 1/GeV^8, their standard deviations, and chi squared."""

    response: float
    cubic: float
    errors: Float[np.ndarray, "2"]
    chi_squared: float


@checked(quantities=LATTICE)
def landau_condensate(mass: Float[np.ndarray, " data"], response: float, cubic: float) -> Float[np.ndarray, " data"]:
    r"""Solve :math:`m = q/R + C q^3` for q, with R > 0 and C at least 0.

    Examples
    --------
    >>> landau_condensate(np.array([0.001, 0.01]), 1.0, 1e6).round(6)
    array([0.000682, 0.002   ])
    """
    checks.array("mass", mass, shape=("data",))
    response, cubic = checks.number("response", response, above=0), checks.number("cubic", cubic, minimum=0)
    if cubic == 0:
        return response * mass
    p = 1 / (3 * cubic * response)  # q^3 + 3 p q = m / C has the one real root of Cardano's formula
    return 2 * np.sqrt(p) * np.sinh(np.arcsinh(mass / (2 * cubic * p**1.5)) / 3)


@checked(quantities=LATTICE)
def fit_landau(mass: Float[np.ndarray, " data"], condensate: Float[np.ndarray, " data"], error: Float[np.ndarray, " data"]) -> LandauFit:
    """Least squares for the two numbers, from at least three points; the condensate at the largest mass must be positive.

    Raises
    ------
    NotConverged
        If the least squares do not converge.

    Examples
    --------
    >>> m = np.array([0.001, 0.002, 0.01])
    >>> found = fit_landau(m, landau_condensate(m, 2.0, 5e5), np.full(3, 1e-4))
    >>> round(found.response, 6), round(found.cubic), found.chi_squared < 1e-9
    (2.0, 500000, True)
    """
    checks.array("mass", mass, shape=("data",), minimum=np.finfo(float).tiny)
    checks.array("condensate", condensate, shape=mass.shape)
    checks.array("error", error, shape=mass.shape, minimum=np.finfo(float).tiny)
    if len(mass) < 3:
        raise InvalidArgument("mass", "three points or more", len(mass), "two numbers fit two points whatever they are")
    heaviest, most = float(mass.max()), float(condensate[mass.argmax()])
    if most <= 0:
        raise InvalidArgument("condensate", "a positive value at the largest mass", most, "check the sign convention")

    def misses(logs: np.ndarray) -> np.ndarray:
        return (landau_condensate(mass, *np.exp(logs).tolist()) - condensate) / error

    steepest = float((condensate / mass).max())
    bent = max(heaviest - most / steepest, 0.1 * heaviest) / most**3
    found = least_squares(misses, np.log([steepest, bent]), method="lm", xtol=1e-12, ftol=1e-12)
    if not found.success:
        raise NotConverged("the Landau fit", found.message, "check that mass and condensate belong together")
    values = np.exp(found.x)
    errors = values * np.sqrt(np.diag(np.linalg.inv(found.jac.T @ found.jac)))
    return LandauFit(float(values[0]), float(values[1]), errors, float(2 * found.cost))
