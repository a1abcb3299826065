r"""Six lattice points through a black brane: the quartic coupling, and with a family its amplitude.

:math:`\lambda` enters by scaling alone: with :math:`\phi \to \phi/\sqrt{|\lambda|}` one curve b(a) at :math:`\lambda = \pm1` serves all
couplings. So for a given brane the fit is a minimum over one number, and for a family over two. Masses and the temperature are in GeV,
condensates in GeV^3. Page ``emergent-spacetime/dilaton-at-finite-temperature``.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.interpolate import PchipInterpolator
from scipy.optimize import minimize_scalar

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.condensate.data import LATTICE, SOURCE_SCALE, VEV_SCALE
from nnqg.emergent_spacetime.thermal_dilaton.condensate_probe import COUPLINGS, Frame, boundary_pair
from nnqg.emergent_spacetime.thermal_dilaton.critical_amplitude import Family, tune
from nnqg.emergent_spacetime.thermal_dilaton.landau import fit_landau
from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import ThermalSolution
from nnqg.errors import Diverged, InvalidArgument, NotConverged

__all__ = ["CondensateData", "ProbeFit", "fit_family", "fit_lam"]

HORIZON_VALUES = np.append(np.geomspace(1e-4, 0.1, 120), np.geomspace(0.1, 30.0, 241)[1:])  # of the field at |lambda| = 1
STRONGEST = 100.0  # a source, in units of T; beyond it lies no quark mass
SCAN = 60  # couplings tried before the refinement


@checked(quantities=LATTICE | {"temperature": "a temperature"})
@dataclass(frozen=True)
class CondensateData:
    """Quark masses, condensates and their errors at one temperature."""

    mass: Float[np.ndarray, " data"]
    condensate: Float[np.ndarray, " data"]
    error: Float[np.ndarray, " data"]
    temperature: float

    def __post_init__(self) -> None:
        checks.array("mass", self.mass, shape=("data",), minimum=np.finfo(float).tiny)
        checks.array("condensate", self.condensate, shape=self.mass.shape)
        checks.array("error", self.error, shape=self.mass.shape, minimum=np.finfo(float).tiny)
        checks.number("temperature", self.temperature, above=0)


@checked
@dataclass(frozen=True)
class ProbeFit:
    """A black brane, the probe's lambda, the predicted condensate, and the family's amplitude (none without a family)."""

    solution: ThermalSolution
    lam: float
    condensate: Float[np.ndarray, " data"]
    chi_squared: float
    amplitude: float | None = None


@checked
def fit_lam(solution: ThermalSolution, frame: Frame, data: CondensateData) -> ProbeFit:
    r"""Best :math:`\lambda`, of either sign, in a given black brane.

    Raises
    ------
    NotConverged
        If no coupling reaches the data's masses.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import solve_thermal
    >>> line = np.linspace(0.01, 0.02, 3)
    >>> data = CondensateData(line, line, np.full(3, 0.001), 0.2)
    >>> fit_lam(solve_thermal(lambda x: 0 * x), "einstein", data).chi_squared > 100  # the response is negative
    True
    """
    checks.option("frame", frame, tuple(COUPLINGS))
    found = [fit for sign in (1.0, -1.0) if (fit := _one_sign(solution, frame, data, sign)) is not None]
    if not found:
        raise NotConverged("the fit of the coupling", "no coupling that reaches the masses", "check the temperature and its unit")
    return min(found, key=lambda fit: fit.chi_squared)


@checked
def fit_family(family: Family, frame: Frame, data: CondensateData) -> ProbeFit:
    r"""Best amplitude and :math:`\lambda` of a family of branes, in a string frame.

    The start is Landau's: the amplitude whose linear response is the data's R. Around it chi squared is minimised.

    Raises
    ------
    NotConverged
        If the family never reaches the response.

    Examples
    --------
    >>> from nnqg import data_sets
    >>> from nnqg.emergent_spacetime.thermal_dilaton.steepness import exponential
    >>> lattice = data_sets.load("chiral-condensate").columns
    >>> points = CondensateData(lattice["quark_mass"], lattice["condensate"], np.full(6, 0.004), 0.207)
    >>> round(fit_family(lambda A: exponential(A, 2.0), "S0", points).chi_squared, 3)
    0.231
    """
    if frame == "einstein":
        raise InvalidArgument("frame", "a string frame", frame, "use fit_lam: no amplitude makes the response positive")
    landau = fit_landau(data.mass, data.condensate, data.error)
    target = landau.response * VEV_SCALE / SOURCE_SCALE / data.temperature**2
    start, _ = tune(family, frame, target)

    def at(log_ratio: float) -> tuple[float, ProbeFit]:
        amplitude, solution = tune(family, frame, target * float(np.exp(log_ratio)), first=start / 2)
        fit = _one_sign(solution, frame, data, 1.0)
        if fit is None:
            raise NotConverged("the fit of the coupling", "no coupling that reaches the masses", "check the temperature and its unit")
        return amplitude, fit

    width = 2 * float(landau.errors[0]) / landau.response
    best = minimize_scalar(lambda r: at(float(r))[1].chi_squared, bounds=(-width, width), method="bounded", options={"xatol": 1e-3})
    amplitude, fit = at(float(best.x))
    return ProbeFit(fit.solution, fit.lam, fit.condensate, fit.chi_squared, amplitude)


def _one_sign(solution: ThermalSolution, frame: Frame, data: CondensateData, sign: float) -> ProbeFit | None:
    """Scan and refine the size of the coupling; None if the curve does not reach the masses."""
    source, response = _curve(solution, frame, sign)
    wanted = data.mass * SOURCE_SCALE / data.temperature
    if len(source) < 4:
        return None
    low, high = 2 * np.log(source[0] / wanted.min()), 2 * np.log(source[-1] / wanted.max())
    if low >= high:
        return None
    ratio_at = PchipInterpolator(np.log(source), response / source)

    def predict(log_size: float) -> np.ndarray:
        root = np.exp(log_size / 2)
        return ratio_at(np.log(wanted * root)) * wanted / VEV_SCALE * data.temperature**3

    def chi_squared(log_size: float) -> float:
        return float((((predict(log_size) - data.condensate) / data.error) ** 2).sum())

    sizes = np.linspace(low, high, SCAN)
    k = int(np.argmin([chi_squared(size) for size in sizes]))
    bounds = sizes[max(k - 1, 0)], sizes[min(k + 1, SCAN - 1)]
    best = minimize_scalar(chi_squared, bounds=bounds, method="bounded", options={"xatol": 1e-8})
    return ProbeFit(solution, sign * float(np.exp(best.x)), predict(best.x), chi_squared(best.x))


def _curve(solution: ThermalSolution, frame: Frame, sign: float) -> tuple[np.ndarray, np.ndarray]:
    """Source and response at lambda = +-1 along the branch that starts at zero, as long as the source grows."""
    low, high = 1, len(HORIZON_VALUES) + 1  # so many values reach the boundary, and with one more a field runs away
    while high - low > 1:
        middle = (low + high) // 2
        try:
            boundary_pair(solution, frame, HORIZON_VALUES[middle - 1 : middle], sign)
            low = middle
        except Diverged:
            high = middle
    pair = boundary_pair(solution, frame, HORIZON_VALUES[:low], sign)
    grows = np.append(True, np.diff(pair.source) > 0) & (pair.source > 0) & (pair.source < STRONGEST)
    end = len(grows) if grows.all() else int(np.argmin(grows))
    return pair.source[:end], pair.response[:end]
