r"""Radial geodesics, integrated in coordinates that know nothing of the diagram.

In the ingoing coordinates of Eddington and Finkelstein, :math:`ds^2 = -f\,dv^2 + 2\,dv\,dr`, the geodesic equations are

.. math:: \ddot v = -\tfrac12 f'\,\dot v^2, \qquad \ddot r = f'\,\dot r\,\dot v - \tfrac12 f f'\,\dot v^2 .

They are regular at the future horizon. The conserved norm :math:`-f\dot v^2 + 2\dot v\dot r` is 0 for light and -1 for matter. Used
on the page ``networks-as-spacetime/similarity-of-diagrams``.
"""

from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.integrate import solve_ivp

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import NotConverged
from nnqg.quantum_gravity.dictionary.metrics import blackening

__all__ = ["Geodesic", "radial_geodesic"]

MOST_EVALUATIONS = 15_000


@checked
@dataclass(frozen=True)
class Geodesic:
    """A radial geodesic through the right and the future region.

    ``parameter`` is affine, for matter the proper time; v is the ingoing coordinate, r the radius, ``norm`` the square of the velocity.
    """

    parameter: Float[np.ndarray, " point"]
    v: Float[np.ndarray, " point"]
    r: Float[np.ndarray, " point"]
    norm: Float[np.ndarray, " point"]


@checked
def radial_geodesic(
    v: float, r: float, v_rate: float, r_rate: float, d: int, duration: float = 1e3, inner: float = 1e-2, outer: float = 1e3
) -> Geodesic:
    """Follow a geodesic until its time is up or its radius leaves an interval.

    Light has v_rate = 0 (inwards) or 2 r_rate = f v_rate (outwards). ``duration`` is the largest affine parameter; ``inner`` and ``outer``
    are the radii at which it is stopped, and r lies between. About 200 points.

    Raises
    ------
    NotConverged
        If the integrator gives up, or needs more than 15 000 evaluations.

    Examples
    --------
    >>> ray = radial_geodesic(0.0, 100.0, 0.0, -1.0, d=4)
    >>> bool(np.all(ray.v == 0)), round(float(ray.r[-1]), 6)
    (True, 0.01)
    """
    d = checks.count("d", d, minimum=2)
    inner = checks.number("inner", inner, above=0)
    r = checks.number("r", r, above=inner)
    outer = checks.number("outer", outer, above=r)
    start = np.array([checks.number("v", v), r, checks.number("v_rate", v_rate), checks.number("r_rate", r_rate)])

    evaluations = count()

    def rate(_: float, state: np.ndarray) -> list[float]:
        if next(evaluations) > MOST_EVALUATIONS:
            reached = f"r = {state[1]:.4g} after {MOST_EVALUATIONS} evaluations"
            raise NotConverged("radial geodesic", reached, "stop it farther from the singularity or the boundary")
        _, r, v_dot, r_dot = state
        f, slope = r**2 - r ** (2 - d), 2 * r + (d - 2) * r ** (1 - d)
        return [v_dot, r_dot, -slope * v_dot**2 / 2, slope * r_dot * v_dot - f * slope * v_dot**2 / 2]

    def edge(_: float, state: np.ndarray) -> float:
        return (state[1] - inner) * (outer - state[1])

    edge.terminal = True  # type: ignore[attr-defined]
    span = (0.0, checks.number("duration", duration, above=0))
    found = solve_ivp(rate, span, start, method="DOP853", rtol=1e-12, atol=1e-13, events=edge, dense_output=True)
    if not found.success:
        raise NotConverged("radial geodesic", found.message, "stop it farther from the singularity or the boundary")
    return _sample(found, d)


def _sample(found: Any, d: int) -> Geodesic:
    parts = [np.linspace(a, b, 12, endpoint=False) for a, b in zip(found.t[:-1], found.t[1:], strict=True)]
    parameter = np.append(np.concatenate(parts), found.t[-1])
    v, r, v_dot, r_dot = found.sol(parameter)
    return Geodesic(parameter, v, r, -blackening(r, d) * v_dot**2 + 2 * v_dot * r_dot)
