r"""Six lattice points through a black brane: the quartic coupling, and with a family its amplitude.

:math:`\lambda` enters by scaling alone: with :math:`\phi \to \phi/\sqrt{|\lambda|}` one curve b(a) at :math:`\lambda = \pm1` serves all
couplings. So for a given brane the fit is a minimum over one number, and for a family over two.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.interpolate import PchipInterpolator
from scipy.optimize import minimize_scalar

from nnqg import checks
from nnqg.emergent_spacetime.condensate.data import SOURCE_SCALE, VEV_SCALE
from nnqg.emergent_spacetime.thermal_dilaton.condensate_probe import COUPLINGS, Frame, boundary_pair
from nnqg.emergent_spacetime.thermal_dilaton.critical_amplitude import Family, response_in_temperatures, tune
from nnqg.emergent_spacetime.thermal_dilaton.landau import fit_landau
from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import ThermalSolution
from nnqg.errors import Diverged, InvalidArgument, NotConverged

__all__ = ["CondensateData", "ProbeFit", "fit_family", "fit_quartic"]

HORIZON_VALUES = np.geomspace(1e-4, 30.0, 400)  # of the field at |lambda| = 1
STRONGEST = 100.0  # a source, in units of T; beyond it lies no quark mass
SCAN = 60  # couplings tried before the refinement


@dataclass(frozen=True)
class CondensateData:
    """Points at one temperature.

    Attributes
    ----------
    mass, condensate, error : numpy.ndarray, shape (data,)
        Quark masses in GeV, condensates and their errors in GeV^3.
    temperature : float
        T, in GeV.
    """

    mass: Float[np.ndarray, " data"]
    condensate: Float[np.ndarray, " data"]
    error: Float[np.ndarray, " data"]
    temperature: float

    def __post_init__(self) -> None:
        checks.array("mass", self.mass, shape=("data",), minimum=np.finfo(float).tiny)
        checks.array("condensate", self.condensate, shape=self.mass.shape)
        checks.array("error", self.error, shape=self.mass.shape, minimum=np.finfo(float).tiny)
        checks.number("temperature", self.temperature, above=0)


@dataclass(frozen=True)
class ProbeFit:
    """A black brane and a probe.

    Attributes
    ----------
    solution : ThermalSolution
        The brane.
    quartic : float
        lambda.
    condensate : numpy.ndarray, shape (data,)
        Predicted, in GeV^3.
    chi_squared : float
        Of the data.
    amplitude : float
        Of the family; NaN if only the coupling was fitted.
    """

    solution: ThermalSolution
    quartic: float
    condensate: Float[np.ndarray, " data"]
    chi_squared: float
    amplitude: float = float("nan")


def fit_quartic(solution: ThermalSolution, frame: Frame, data: CondensateData) -> ProbeFit:
    r"""Best :math:`\lambda`, of either sign, for a given black brane.

    Parameters
    ----------
    solution : ThermalSolution
        The brane.
    frame : {"einstein", "S1", "S0"}
        How the probe couples to the dilaton.
    data : CondensateData
        To fit.

    Returns
    -------
    ProbeFit
        The smallest chi squared.

    Raises
    ------
    InvalidArgument
        If the frame is unknown.
    NotConverged
        If no coupling reaches the data's masses.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import solve_thermal
    >>> line = np.linspace(0.01, 0.02, 3)
    >>> data = CondensateData(line, line, np.full(3, 0.001), 0.2)
    >>> fit_quartic(solve_thermal(lambda x: 0 * x), "einstein", data).chi_squared > 100  # the response is negative
    True

    Notes
    -----
    Used on the page ``emergent-spacetime/dilaton-at-finite-temperature``.
    """
    checks.option("frame", frame, tuple(COUPLINGS))
    found = [_one_sign(solution, frame, data, sign) for sign in (1.0, -1.0)]
    found = [fit for fit in found if fit is not None]
    if not found:
        raise NotConverged("the fit of the coupling", "no coupling that reaches the masses", "check the temperature and its unit")
    return min(found, key=lambda fit: fit.chi_squared)


def fit_family(family: Family, frame: Frame, data: CondensateData) -> ProbeFit:
    r"""Best amplitude and :math:`\lambda` of a family of branes.

    The start is Landau's: the amplitude whose linear response is the data's R. Around it chi squared is minimised.

    Parameters
    ----------
    family : callable
        Steepness as a function of the amplitude.
    frame : {"S1", "S0"}
        How the probe couples to the dilaton.
    data : CondensateData
        To fit.

    Returns
    -------
    ProbeFit
        With the amplitude.

    Raises
    ------
    InvalidArgument
        If the frame is the Einstein frame, in which no amplitude has a positive response.
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
        raise InvalidArgument("frame", "a string frame", frame, "use fit_quartic: no amplitude makes the response positive")
    landau = fit_landau(data.mass, data.condensate, data.error)
    target = response_in_temperatures(landau.response, data.temperature)

    def at(log_ratio: float) -> tuple[float, ProbeFit]:
        amplitude, solution = tune(family, frame, target * float(np.exp(log_ratio)))
        fit = _one_sign(solution, frame, data, 1.0)
        if fit is None:
            raise NotConverged("the fit of the coupling", "no coupling that reaches the masses", "check the temperature and its unit")
        return amplitude, fit

    width = 2 * float(landau.errors[0]) / landau.response
    best = minimize_scalar(lambda r: at(float(r))[1].chi_squared, bounds=(-width, width), method="bounded", options={"xatol": 1e-3})
    amplitude, fit = at(float(best.x))
    return ProbeFit(fit.solution, fit.quartic, fit.condensate, fit.chi_squared, amplitude)


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
    values = HORIZON_VALUES
    while True:
        try:
            pair = boundary_pair(solution, frame, values, sign)
            break
        except Diverged:  # a strong field runs away: keep the weaker ones
            values = values[: -max(1, len(values) // 16)]
    grows = np.append(True, np.diff(pair.source) > 0) & (pair.source > 0) & (pair.source < STRONGEST)
    end = len(grows) if grows.all() else int(np.argmin(grows))
    return pair.source[:end], pair.response[:end]
