r"""Continue a learned h to the horizon and to the boundary, where a network has no layers.

The layers end before the horizon and begin before the boundary. arXiv:1809.10536 continues the polynomial through them by

.. math:: h = \frac{1}{\eta - c_1} + c_2 \quad\text{(horizon)}, \qquad h = d - c_3\,e^{-c_4\eta} \quad\text{(boundary)},

each fitted to the polynomial over an interval at its end. The pole moves the horizon from 0 to :math:`c_1`.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.polynomial import Polynomial
from scipy.optimize import curve_fit

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["ContinuedProfile", "continue_profile", "polynomial_through"]

POINTS = 51


@checked
@dataclass(frozen=True)
class ContinuedProfile:
    r"""A friction from horizon to boundary: call it at depths :math:`\eta - c_1` above the horizon.

    Attributes
    ----------
    polynomial : numpy.polynomial.Polynomial
        h between the ends, in the network's own depth.
    inner, outer : float
        The ends, in the network's own depth.
    pole, offset : float
        :math:`c_1` and :math:`c_2`.
    amplitude, rate : float
        :math:`c_3` and :math:`c_4`.
    d : int
        Dimension of the boundary.
    """

    polynomial: Polynomial
    inner: float
    outer: float
    pole: float
    offset: float
    amplitude: float
    rate: float
    d: int

    def __call__(self, depth: Float[np.ndarray, " depth"]) -> Float[np.ndarray, " depth"]:
        """Return h at depths above the horizon, all positive."""
        checks.array("depth", depth, shape=("depth",))
        if depth.min() <= 0:
            raise InvalidArgument("depth", "depths above the horizon at 0", float(depth.min()), "leave out the horizon")
        eta = depth + self.pole
        middle = self.polynomial(np.clip(eta, self.inner, self.outer))
        far = self.d - self.amplitude * np.exp(-self.rate * np.maximum(eta, self.outer))
        return np.where(eta < self.inner, 1 / depth + self.offset, np.where(eta > self.outer, far, middle))


@checked
def polynomial_through(eta: Float[np.ndarray, " layer"], h: Float[np.ndarray, " layer"], degree: int = 5) -> Polynomial:
    r"""Least-squares polynomial through the layers.

    In the variable eta; arXiv:1809.10536 takes degree 5.

    Examples
    --------
    >>> eta = np.linspace(0.1, 1.0, 8)
    >>> polynomial_through(eta, eta**2).convert().coef.round(9)[2]
    np.float64(1.0)
    """
    checks.array("eta", eta, shape=("layer",))
    checks.array("h", h, shape=(len(eta),))
    return Polynomial.fit(eta, h, checks.count("degree", degree, maximum=len(eta) - 1))


@checked
def continue_profile(
    polynomial: Polynomial, inner: float, outer: float = 1.0, *, inner_fit: float = 0.05, outer_fit: float = 0.05, d: int = 4
) -> ContinuedProfile:
    r"""Fit the two ends to a polynomial and join them to it.

    The layers end at ``inner``, towards the horizon, and at ``outer``; the two fits take intervals of the given lengths there. At the inner
    end h must fall with the depth, at the outer end it must be below d, the dimension of the boundary, and rise.

    Examples
    --------
    >>> profile = continue_profile(Polynomial([40.0, -76.0, 39.5]), inner=0.1, outer_fit=0.02)
    >>> bool(profile.pole < 0.1), profile(np.array([20.0]))
    (True, array([4.]))
    """
    d = checks.count("d", d, minimum=2)
    outer = checks.number("outer", outer)
    inner = checks.number("inner", inner, below=outer)
    inner_fit = checks.number("inner_fit", inner_fit, above=0, maximum=outer - inner)
    outer_fit = checks.number("outer_fit", outer_fit, above=0, maximum=outer - inner)
    near, far = np.linspace(inner, inner + inner_fit, POINTS), np.linspace(outer - outer_fit, outer, POINTS)
    slope = polynomial.deriv()
    if not (slope(near) < 0).all():
        raise InvalidArgument("inner", "an end at which h grows towards the horizon", inner, "end elsewhere")
    if not ((polynomial(far) < d).all() and (slope(far) > 0).all()):
        raise InvalidArgument("outer", f"an end at which h is below {d} and rising", outer, "end elsewhere")
    root = np.sqrt(-slope(inner))
    start = (inner - 1 / root, polynomial(inner) - root)
    (pole, offset), _ = curve_fit(lambda eta, c1, c2: 1 / (eta - c1) + c2, near, polynomial(near), p0=start)
    if pole >= inner:
        raise InvalidArgument("inner", "an end with the fitted pole inside", f"pole at {pole:.4g}", "end elsewhere")
    falling, constant = np.polyfit(far, np.log(d - polynomial(far)), 1)
    return ContinuedProfile(polynomial, inner, outer, float(pole), float(offset), float(np.exp(constant)), float(-falling), d)
