r"""The scalar field of the quark condensate as a probe of a black brane with a dilaton.

With :math:`m^2 = -3` and a quartic term, in the Einstein frame or in the string frame with a factor :math:`e^{-k\Phi}` in the action,

.. math::

    \phi'' + \big(h + n\,\Phi'\big)\phi' = e^{c\Phi}\,(-3\phi + \lambda\phi^3), \qquad
    (n, c) = (0, 0),\ (1, \tfrac43),\ (2, \tfrac43)

for ``einstein``, ``S1`` (k = 1) and ``S0`` (k = 0). The field is regular at the horizon. At the boundary, with :math:`z = 1/\sqrt g`,

.. math:: \phi = a\,z + \big(b + \tfrac12\lambda a^3\log(\pi T z)\big)\,z^3 + \dots, \qquad
    a = \frac{\sqrt3}{2\pi}\,m_q, \quad b = \frac{\pi}{\sqrt3}\,\langle\bar qq\rangle

(three colours; the scale of the logarithm is a convention). In x, with :math:`J = \sinh x\,e^{n\Phi}\phi'`, there is no singular friction:
:math:`\phi_x = J\,\eta_x e^{-n\Phi}/\sinh x` and :math:`J_x = \eta_x\sinh x\,e^{(n+c)\Phi}(-3\phi + \lambda\phi^3)`. Page
``emergent-spacetime/dilaton-at-finite-temperature``.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.thermal_dilaton import _probe_kernels as kernels
from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import ThermalSolution

__all__ = ["COUPLINGS", "BoundaryPair", "boundary_pair", "linear_response"]

Frame = Literal["einstein", "S1", "S0"]

COUPLINGS = {"einstein": (0.0, 0.0), "S1": (1.0, 4 / 3), "S0": (2.0, 4 / 3)}
"""n and c of each frame."""


@checked
@dataclass(frozen=True)
class BoundaryPair:
    """Source a and response b of the probe, in units of T and T^3."""

    source: Float[np.ndarray, " value"]
    response: Float[np.ndarray, " value"]


@checked
def boundary_pair(solution: ThermalSolution, frame: Frame, horizon_values: Float[np.ndarray, " value"], lam: float = 0.0) -> BoundaryPair:
    r"""Source and response for given values of :math:`\phi` at the horizon; lam is :math:`\lambda`, of either sign.

    Raises
    ------
    Diverged
        If a field runs away before it reaches the boundary.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import solve_thermal
    >>> pair = boundary_pair(solve_thermal(lambda x: 0 * x), "einstein", np.array([1.0, 2.0]))
    >>> (pair.response / pair.source / np.pi**2).round(4)
    array([-0.2285, -0.2285])
    """
    checks.option("frame", frame, tuple(COUPLINGS))
    checks.array("horizon_values", horizon_values, shape=("value",))
    lam = checks.number("lam", lam)
    conduct, pull, start = _coefficients(solution, *COUPLINGS[frame])
    phi, current = kernels.shoot(conduct, pull, start, 2 * solution.x[1], horizon_values, lam)
    slope = current * conduct[-1] / solution.stretch[-1]  # d phi / d eta
    z = float(np.exp(-solution.eta[-1]) / np.sqrt(solution.boundary_warp))
    with np.errstate(over="ignore", invalid="ignore"):  # a runaway is reported below
        source = (3 * phi + slope) / (2 * z)
        for _ in range(3):  # the logarithm's share in the source is tiny at the end of the grid
            source = (3 * phi + slope + lam * source**3 * z**3 / 2) / (2 * z)
        logarithm = lam * source**3 / 2
        response = -(phi + slope) / (2 * z**3) - logarithm / 2 - logarithm * np.log(np.pi * z)
    checks.finite_result("the probe", np.stack([source, response]), where="the way to the boundary", remedy="lower the horizon values")
    return BoundaryPair(source, response)


@checked
def linear_response(solution: ThermalSolution, frame: Frame) -> float:
    r"""Response over source of a weak probe, :math:`b/a` in units of :math:`T^2`.

    For AdS-Schwarzschild it is :math:`\frac{\pi^2}{2}\,\Gamma(-\frac14)\Gamma(\frac34)/\Gamma(\frac14)^2`.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import solve_thermal
    >>> round(2 / np.pi**2 * linear_response(solve_thermal(lambda x: 0 * x), "S1"), 5)
    -0.45695
    """
    pair = boundary_pair(solution, frame, np.ones(1))
    return float(pair.response[0] / pair.source[0])


def _coefficients(solution: ThermalSolution, friction: float, stretch: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coefficients of the two equations at all points, and the series at the third point (after one step of two intervals)."""
    x, dilaton = solution.x, solution.dilaton
    conduct = np.zeros_like(x)
    conduct[1:] = solution.stretch[1:] / np.sinh(x[1:]) * np.exp(-friction * dilaton[1:])
    pull = solution.stretch * np.sinh(x) * np.exp((friction + stretch) * dilaton)
    first = 2 * x[1]
    growth = solution.stretch[0] * np.exp((friction + stretch) * dilaton[0])  # pull / x at the horizon
    leak = solution.stretch[0] * np.exp(-friction * dilaton[0])  # conduct * x there
    return conduct, pull, np.array([growth * first**2 / 2, growth * leak * first**2 / 4])
