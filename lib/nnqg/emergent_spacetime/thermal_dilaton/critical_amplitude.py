r"""How strong must the dilaton be? The black brane of a family with a given response of the condensate's probe.

A family is a function from an amplitude to a steepness :math:`-dE/dx`; amplitude 0 is AdS-Schwarzschild, where the response
:math:`b/a = -2.26\,T^2` has the wrong sign. In the string frame it grows with the amplitude, through 0 to infinity: there the field
condenses without a source. The lattice wants :math:`\langle\bar qq\rangle = R\,m_q` with :math:`b/a = \frac{2\pi^2}{3}R`, so the
temperature in physical units is read off, :math:`T = \sqrt{\frac{2\pi^2}{3}R\,/\,(b/a)}` with b/a in units of :math:`T^2`. Raising the
amplitude from the zero of b/a to the critical point runs through all temperatures from infinity to zero, each met once on the way: to
follow it is the continuation in T that reaches a solution where a start elsewhere does not.
"""

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from nnqg import checks
from nnqg.emergent_spacetime.condensate.data import SOURCE_SCALE, VEV_SCALE
from nnqg.emergent_spacetime.thermal_dilaton.condensate_probe import COUPLINGS, Frame, boundary_pair
from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import ThermalSolution, solve_thermal
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["implied_temperature", "response_in_temperatures", "tune"]

Family = Callable[[float], Callable[[np.ndarray], np.ndarray]]

FACTOR = 1.3  # from one amplitude to the next in search of a change of sign


def response_in_temperatures(response: float, temperature: float) -> float:
    r"""b/a in units of :math:`T^2` for a condensate :math:`R\,m_q`: :math:`\frac{2\pi^2}{3}R/T^2` (three colours).

    Parameters
    ----------
    response : float
        R, in GeV^2.
    temperature : float
        T, in GeV, positive.

    Returns
    -------
    float
        b/a.

    Raises
    ------
    InvalidArgument
        If a number is out of range.

    Examples
    --------
    >>> round(response_in_temperatures(8.0, 0.207) / np.pi**2, 1)
    124.5
    """
    return checks.number("response", response) * VEV_SCALE / SOURCE_SCALE / checks.number("temperature", temperature, above=0) ** 2


def implied_temperature(response: float, ratio: float) -> float:
    r"""Temperature at which a black brane with :math:`b/a` has the condensate :math:`R\,m_q`.

    Parameters
    ----------
    response : float
        R > 0, in GeV^2.
    ratio : float
        b/a > 0, in units of T^2.

    Returns
    -------
    float
        T, in GeV.

    Raises
    ------
    InvalidArgument
        If a number is not positive: with b/a below 0 there is no such temperature.

    Examples
    --------
    >>> round(implied_temperature(8.0, response_in_temperatures(8.0, 0.207)), 6)
    0.207
    """
    response, ratio = checks.number("response", response, above=0), checks.number("ratio", ratio, above=0)
    return float(np.sqrt(response * VEV_SCALE / SOURCE_SCALE / ratio))


def tune(family: Family, frame: Frame, ratio: float, first: float = 0.01, last: float = 1e6) -> tuple[float, ThermalSolution]:
    r"""Smallest amplitude at which a weak probe has :math:`b/a =` ratio.

    Parameters
    ----------
    family : callable
        Steepness as a function of the amplitude.
    frame : {"einstein", "S1", "S0"}
        How the probe couples to the dilaton.
    ratio : float
        b/a > 0, in units of T^2.
    first, last : float
        Range of the search.

    Returns
    -------
    amplitude : float
        To twelve digits.
    solution : ThermalSolution
        The black brane.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.
    NotConverged
        If there is no such amplitude up to `last`.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.thermal_dilaton.steepness import exponential
    >>> amplitude, solution = tune(lambda A: exponential(A, 2.0), "S0", 100.0)
    >>> round(amplitude, 2), round(float(solution.dilaton[0]), 2)
    (71.93, 0.78)

    Notes
    -----
    Used in the page ``emergent-spacetime/string-breaking``.
    """
    if not callable(family):
        raise InvalidArgument("family", "a function of the amplitude", type(family).__name__, "pass e.g. lambda A: exponential(A, 2.0)")
    checks.option("frame", frame, tuple(COUPLINGS))
    ratio, first = checks.number("ratio", ratio, above=0), checks.number("first", first, above=0)
    last = checks.number("last", last, above=first)

    def lacking(log_amplitude: float) -> float:
        """What the response lacks; positive below the wanted amplitude, smooth across the critical one."""
        pair = boundary_pair(solve_thermal(family(float(np.exp(log_amplitude)))), frame, np.ones(1))
        return float(pair.source[0] - pair.response[0] / ratio)

    low, step = np.log(first), np.log(FACTOR)
    if lacking(low) <= 0:
        raise InvalidArgument("first", "an amplitude below the wanted one", first, "start lower")
    while lacking(low + step) > 0:
        low += step
        if low > np.log(last):
            raise NotConverged("the search for the amplitude", f"{last:g} without b/a = {ratio:g}", "try another family or frame")
    amplitude = float(np.exp(brentq(lacking, low, low + step, xtol=1e-12, rtol=1e-12)))
    return amplitude, solve_thermal(family(amplitude))
