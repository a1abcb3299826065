r"""Metrics of a black brane, depth by depth.

All metrics have the form of arXiv:1802.08313, with the depth :math:`\eta` as proper distance and the boundary at :math:`\eta \to \infty`:

.. math:: ds^2 = -f(\eta)\,dt^2 + d\eta^2 + g(\eta)\,(dx_1^2 + \dots + dx_{d-1}^2).

A scalar field that depends on :math:`\eta` alone feels one function of them, the *friction* of its equation of motion,

.. math:: h(\eta) = \frac{d}{d\eta} \log\sqrt{f\,g^{d-1}} .

Signature :math:`(-,+,\dots,+)`; lengths in any unit, :math:`\eta` and the radius L in the same. Throughout, d, at least 2, is the
dimension of the boundary; ``radius`` is L and ``horizon_radius`` :math:`r_0`, both positive. A metric that is too large or too small for a
floating-point number somewhere is refused as `nnqg.errors.Diverged`. Derived in the page ``emergent-spacetime/the-bulk-is-a-network``.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import Diverged, InvalidArgument

__all__ = [
    "Metric",
    "ads_schwarzschild",
    "anti_de_sitter",
    "blackening",
    "boundary_powers",
    "hawking_temperature",
    "surface_gravity",
]


@checked
@dataclass(frozen=True)
class Metric:
    r"""Values of a metric :math:`ds^2 = -f dt^2 + d\eta^2 + g\,dx^2` at some depths.

    Attributes
    ----------
    eta : numpy.ndarray, shape (depth,)
        Proper distance; the boundary is at infinity.
    f, g : numpy.ndarray, shape (depth,)
        Redshift and warp factor, dimensionless.
    h : numpy.ndarray, shape (depth,)
        :math:`d \log\sqrt{f g^{d-1}} / d\eta`, in units of 1/length.
    """

    eta: Float[np.ndarray, " depth"]
    f: Float[np.ndarray, " depth"]
    g: Float[np.ndarray, " depth"]
    h: Float[np.ndarray, " depth"]


@checked
def anti_de_sitter(eta: Float[np.ndarray, " depth"], d: int, radius: float = 1.0) -> Metric:
    r"""Anti-de Sitter space: :math:`f = g = e^{2\eta/L}`, so that :math:`h = d/L`; depths of any sign.

    Examples
    --------
    >>> anti_de_sitter(np.array([0.0, 1.0]), d=4).h
    array([4., 4.])
    """
    checks.array("eta", eta, shape=("depth",))
    d = checks.count("d", d, minimum=2)
    radius = checks.number("radius", radius, above=0)
    with np.errstate(all="ignore"):
        warp = np.exp(2 * eta / radius)
    return _finite(eta, warp, warp.copy(), np.full_like(eta, d / radius))


def _finite(eta: np.ndarray, f: np.ndarray, g: np.ndarray, h: np.ndarray) -> Metric:
    """Return the metric, or say at which depth it leaves the range of floating-point numbers."""
    outside = ~(np.isfinite(h) & np.isfinite(g) & (f > 0) & np.isfinite(f))
    if outside.any():
        where = f"eta = {eta[outside][0]:g}"
        raise Diverged("the metric", where, "keep depth and radii to a few hundred and use a horizon radius near L")
    return Metric(eta, f, g, h)


@checked
def ads_schwarzschild(eta: Float[np.ndarray, " depth"], d: int, radius: float = 1.0, horizon_radius: float = 1.0) -> Metric:
    r"""AdS-Schwarzschild black brane with its horizon at :math:`\eta = 0` (arXiv:1802.08313 for d = 3); depths are positive.

    With :math:`s = d\,\eta / 2L` and the horizon at :math:`r = r_0`,

    .. math::

        f = (r_0/L)^2 \sinh^2 s\,\cosh^{4/d-2} s, \qquad g = (r_0/L)^2 \cosh^{4/d} s, \qquad h = \frac{d}{L}\coth\frac{d\,\eta}{L},

    which obeys :math:`h' + h^2 = d^2/L^2`; :math:`r_0` rescales t and x and leaves h alone.

    Examples
    --------
    >>> ads_schwarzschild(np.array([0.1, 1.0]), d=3).h.round(4)
    array([10.2982,  3.0149])
    """
    checks.array("eta", eta, shape=("depth",))
    if eta.min() <= 0:
        raise InvalidArgument("eta", "depths above the horizon at 0", float(eta.min()), "stop the grid before the horizon")
    d = checks.count("d", d, minimum=2)
    radius = checks.number("radius", radius, above=0)
    horizon_radius = checks.number("horizon_radius", horizon_radius, above=0)
    with np.errstate(all="ignore"):
        s = d * eta / (2 * radius)
        g = np.square(horizon_radius / radius) * np.cosh(s) ** (4 / d)
        return _finite(eta, g * np.tanh(s) ** 2, g, d / radius / np.tanh(2 * s))


@checked
def blackening(r: Float[np.ndarray, "*point"], d: int) -> Float[np.ndarray, "*point"]:
    r"""Redshift function :math:`f = r^2 - r^{2-d}` of the black brane by its radius, for :math:`L = r_0 = 1`.

    Positive outside the horizon r = 1, where it is the f of `ads_schwarzschild` at :math:`r = \cosh^{2/d} s`; negative inside.

    Examples
    --------
    >>> blackening(np.array([0.5, 1.0, 2.0]), d=4)
    array([-3.75,  0.  ,  3.75])
    """
    if float(checks.array("r", r).min()) <= 0:
        raise InvalidArgument("r", "positive radii", float(r.min()), "stay away from the singularity r = 0")
    return r**2 - r ** (2.0 - checks.count("d", d, minimum=2))


@checked
def surface_gravity(d: int, radius: float = 1.0, horizon_radius: float = 1.0) -> float:
    r"""Surface gravity :math:`\kappa = d\,r_0 / 2L^2` of `ads_schwarzschild`: :math:`f \to \kappa^2\eta^2` at the horizon.

    Examples
    --------
    >>> surface_gravity(4)
    2.0
    """
    d = checks.count("d", d, minimum=2)
    radius = checks.number("radius", radius, above=0)
    return d * checks.number("horizon_radius", horizon_radius, above=0) / (2 * radius**2)


@checked
def hawking_temperature(d: int, radius: float = 1.0, horizon_radius: float = 1.0) -> float:
    r"""Temperature of `ads_schwarzschild`: :math:`T = \kappa/2\pi = d\,r_0 / 4\pi L^2`.

    Examples
    --------
    >>> round(np.pi * hawking_temperature(d=4), 6)
    1.0
    """
    return surface_gravity(d, radius, horizon_radius) / (2 * np.pi)


@checked
def boundary_powers(m2: float, d: int, radius: float = 1.0) -> tuple[float, float]:
    r"""The powers :math:`\Delta_- \le \Delta_+` with which a field falls off at the boundary, :math:`\phi \sim e^{-\Delta\eta/L}`.

    They solve :math:`\Delta(\Delta - d) = m^2 L^2`: the slower is the source, the faster the response. They are real for
    :math:`m^2 \ge -d^2/4L^2` (Breitenlohner-Freedman bound).

    Examples
    --------
    >>> boundary_powers(-3.0, d=4)
    (1.0, 3.0)
    """
    d = checks.count("d", d, minimum=2)
    radius = checks.number("radius", radius, above=0)
    bound = -(d**2) / (4 * radius**2)
    m2 = checks.number("m2", m2, minimum=bound)
    root = radius * np.sqrt(m2 - bound)
    return float(d / 2 - root), float(d / 2 + root)
