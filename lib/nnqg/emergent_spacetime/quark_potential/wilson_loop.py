r"""A string that hangs from a pair of heavy quarks into the bulk: distance, energy, force.

The ends of a string at the boundary of :math:`ds^2 = -f\,dt^2 + d\eta^2 + g\,dx^2` are a quark and an antiquark. With the turning point
:math:`\eta_0` and :math:`f_0 = f(\eta_0)`, :math:`g_0 = g(\eta_0)`, the string of least area has (hep-th/9803002, hep-th/9803137)

.. math::

    d &= 2\int_{\eta_0}^\infty\!\sqrt{\frac{f_0 g_0}{g\,(fg - f_0g_0)}}\;d\eta, \\
    2\pi\alpha' V &= 2\int_{\eta_0}^\infty\sqrt f\,\Big(\sqrt{\frac{fg}{fg - f_0g_0}} - 1\Big)d\eta - 2\int_{hor}^{\eta_0}\!\sqrt f\,d\eta .

The subtraction is the energy of two straight strings that end at the horizon, so V = 0 is where the pair is as well off without a
connection. The force is exact, :math:`2\pi\alpha'\,dV/dd = \sqrt{f_0g_0}`. The substitution :math:`\eta = \eta_0 + u^2` removes the square
root at the turning point, and panels of Gauss-Legendre points that shrink towards it resolve a string that lingers at a wall.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import gamma

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import Metric

__all__ = ["ADS_ENERGY", "ADS_LENGTH", "Strings", "can_hang", "hanging_strings"]

MetricFunction = Callable[[np.ndarray], Metric]

ADS_ENERGY = float(-8 * np.pi**3 / gamma(0.25) ** 4)  # 2 pi alpha' V d in anti-de Sitter space, L = 1
ADS_LENGTH = float(2 * np.sqrt(np.pi) * gamma(0.75) / gamma(0.25))  # d times sqrt(f_0) there

SPAN, PANELS, POINTS = 12.0, 12, 16  # the integrands fall as exp(-3 eta): beyond the span nothing is left
STRAIGHT_PANELS = 48


@checked(empty=("turning_points", "length", "energy", "force"))
@dataclass(frozen=True)
class Strings:
    r"""Hanging strings, one for each turning point; there may be none.

    Attributes
    ----------
    turning_points : numpy.ndarray
        Depths :math:`\eta_0`.
    length : numpy.ndarray
        Distance d of the ends, in the unit of x.
    energy : numpy.ndarray
        :math:`2\pi\alpha'V`, relative to two straight strings.
    force : numpy.ndarray
        :math:`2\pi\alpha'\,dV/dd = \sqrt{f_0g_0}`.
    """

    turning_points: Float[np.ndarray, " string"]
    length: Float[np.ndarray, " string"]
    energy: Float[np.ndarray, " string"]
    force: Float[np.ndarray, " string"]


@checked
def can_hang(metric: MetricFunction, turning_points: Float[np.ndarray, " string"]) -> np.ndarray:
    r"""Whether a string can turn at each depth: :math:`fg` must be larger everywhere between there and the boundary.

    False where a minimum of :math:`fg` farther out, a wall, would hold the string up.

    Examples
    --------
    >>> from nnqg.quantum_gravity.dictionary.metrics import anti_de_sitter
    >>> can_hang(lambda eta: anti_de_sitter(eta, d=4), np.array([0.0, 1.0]))
    array([ True,  True])
    """
    _check(metric, turning_points)
    outside = _outside(turning_points)[0]
    return np.all(_log_product(metric, outside) > _log_product(metric, turning_points)[:, None], axis=1)


@checked
def hanging_strings(metric: MetricFunction, turning_points: Float[np.ndarray, " string"], horizon: float = 0.0) -> Strings:
    r"""Strings with the given turning points.

    The metric has :math:`f, g \propto e^{2\eta}` at the boundary (L = 1). Straight strings end at the horizon; for a space without one,
    give a depth far inside: -40 for anti-de Sitter space. Refused are depths where no string can turn (see `can_hang`).

    Examples
    --------
    >>> from nnqg.quantum_gravity.dictionary.metrics import anti_de_sitter
    >>> strings = hanging_strings(lambda eta: anti_de_sitter(eta, d=4), np.array([0.5]), horizon=-40.0)
    >>> (strings.energy * strings.length / ADS_ENERGY).round(9)
    array([1.])
    """
    _check(metric, turning_points)
    horizon = checks.number("horizon", horizon)
    if turning_points.min() <= horizon:
        raise InvalidArgument("turning_points", f"depths above {horizon}", float(turning_points.min()), "leave the others out")
    outside, weights = _outside(turning_points)
    f, g = _warps(metric, outside)
    product = _log_product(metric, turning_points)
    excess = np.log(f) + np.log(g) - product[:, None]  # log of fg / f0 g0
    if not (excess > 0).all():
        raise InvalidArgument("turning_points", "depths where a string can turn", "fg is smaller farther out", "select them with can_hang")
    run = 1 / np.expm1(excess)  # f0 g0 / (fg - f0 g0)
    length = 2 * (weights * np.sqrt(run / g)).sum(axis=1)
    energy = 2 * (weights * np.sqrt(f) * run / (np.sqrt(1 + run) + 1)).sum(axis=1)
    inside, inner_weights = _panels(np.linspace(0.0, 1.0, STRAIGHT_PANELS + 1))
    below = horizon + (turning_points[:, None] - horizon) * inside
    straight = 2 * (turning_points - horizon) * (np.sqrt(_warps(metric, below)[0]) @ inner_weights)
    return Strings(turning_points, length, energy - straight, np.exp(product / 2))


def _check(metric: MetricFunction, turning_points: np.ndarray) -> None:
    checks.array("turning_points", turning_points, shape=("string",))
    if not callable(metric):
        raise InvalidArgument("metric", "a function from depths to a Metric", type(metric).__name__, "pass e.g. a BlackBrane")


def _panels(edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Legendre points and weights on each panel."""
    points, weights = np.polynomial.legendre.leggauss(POINTS)
    half = np.diff(edges)[:, None] / 2
    return ((edges[:-1, None] + half) + half * points).ravel(), (half * weights).ravel()


def _outside(turning_points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Depths eta_0 + u^2 and their weights, shapes (string, point) and (point,)."""
    u, weights = _panels(np.sqrt(SPAN) * np.append(0.0, 0.6 ** np.arange(PANELS - 1, -1, -1)))
    return turning_points[:, None] + u**2, 2 * u * weights


def _warps(metric: MetricFunction, depths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return f and g at depths of any shape."""
    found = metric(depths.ravel())
    return found.f.reshape(depths.shape), found.g.reshape(depths.shape)


def _log_product(metric: MetricFunction, depths: np.ndarray) -> np.ndarray:
    f, g = _warps(metric, depths)
    return np.log(f) + np.log(g)
