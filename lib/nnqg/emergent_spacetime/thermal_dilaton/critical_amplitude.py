r"""How strong must the dilaton be? The black brane of a family with a given response of the condensate's probe.

A family is a function from an amplitude to a steepness :math:`-dE/dx`; amplitude 0 is AdS-Schwarzschild, where the response
:math:`b/a = -2.26\,T^2` has the wrong sign. In the string frame it grows with the amplitude, through 0 to infinity: there the field
condenses without a source. The lattice wants :math:`\langle\bar qq\rangle = R\,m_q`, that is :math:`b/a = \frac{2\pi^2}{3}R/T^2`.
Raising the amplitude from the zero of b/a to the critical point runs through all temperatures from infinity to zero, each met
once on the way: to follow it is the continuation in T that reaches a solution where a start elsewhere does not. Page
``emergent-spacetime/string-breaking``.
"""

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.thermal_dilaton.condensate_probe import COUPLINGS, Frame, boundary_pair
from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import Steepness, ThermalSolution, solve_thermal
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["tune"]

Family = Callable[[float], Steepness]

FACTOR = 1.3  # from one amplitude to the next in search of a change of sign


@checked
def tune(family: Family, frame: Frame, ratio: float, first: float = 0.01, last: float = 1e6) -> tuple[float, ThermalSolution]:
    r"""Smallest amplitude, from first to last, at which a weak probe has :math:`b/a =` ratio > 0, in units of T^2; and its brane.

    Raises
    ------
    NotConverged
        If there is no such amplitude up to `last`.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.thermal_dilaton.steepness import exponential
    >>> amplitude, solution = tune(lambda A: exponential(A, 2.0), "S0", 100.0)
    >>> round(amplitude, 2), round(float(solution.dilaton[0]), 2)
    (71.81, 0.78)
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
