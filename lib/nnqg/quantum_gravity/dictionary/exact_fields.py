r"""Exact solutions of the scalar field equation in a given metric: what the bulk network is held against.

The equation is :math:`\phi'' + h\phi' - m^2\phi - \lambda\phi^3 = 0`; :math:`\pi = \phi'`; all radii L = 1, and d, at least 2, is the
dimension of the boundary. A field that overflows is refused as `nnqg.errors.Diverged`. Derived in the page
``emergent-spacetime/the-bulk-is-a-network``.
"""

import numpy as np
from jaxtyping import Float
from scipy.special import gamma, hyp2f1

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import boundary_powers

__all__ = ["black_hole_field", "black_hole_response", "quartic_field"]

Field = tuple[Float[np.ndarray, " depth"], Float[np.ndarray, " depth"]]


@checked
def black_hole_field(eta: Float[np.ndarray, " depth"], m2: float, d: int) -> Field:
    r"""The linear field that is regular at the horizon of AdS-Schwarzschild: a Legendre function.

    With :math:`x = \cosh(d\,\eta)` the equation for :math:`\lambda = 0` and :math:`h = d\coth(d\,\eta)` is Legendre's, and

    .. math:: \phi = P_\nu(\cosh d\eta), \qquad \nu = -\Delta_-/d, \qquad \nu(\nu+1) = m^2/d^2,

    which is 1 at the horizon 0; depths are at least 0 and :math:`m^2 \ge -d^2/4`.

    Examples
    --------
    >>> phi, pi_ = black_hole_field(np.array([0.0]), m2=-1.0, d=3)
    >>> float(phi[0]), abs(float(pi_[0]))
    (1.0, 0.0)
    """
    checks.array("eta", eta, shape=("depth",), minimum=0.0)
    nu = -boundary_powers(m2, d)[0] / d
    with np.errstate(over="ignore", invalid="ignore"):  # an overflow is reported below
        z = -(np.sinh(d * eta / 2) ** 2)  # (1 - cosh) / 2 without cancellation
        phi = hyp2f1(-nu, nu + 1, 1.0, z)
        slope = nu * (nu + 1) / 2 * hyp2f1(1 - nu, nu + 2, 2.0, z)  # dP/dx
        pi_ = d * np.sinh(d * eta) * slope
    checks.finite_result("the exact field", np.stack([phi, pi_]), where="large eta", remedy="stop the grid earlier")
    return phi, pi_


@checked
def black_hole_response(m2: float, d: int) -> float:
    r"""Ratio B/A of response to source, :math:`\phi \to A e^{-\Delta_-\eta} + B e^{-\Delta_+\eta}`, of `black_hole_field`.

    .. math:: \frac BA = \frac{\Gamma(-\nu-\frac12)\,\Gamma(\nu+1)}{\Gamma(-\nu)\,\Gamma(\nu+\frac12)}, \qquad \nu = -\Delta_-/d .

    Examples
    --------
    >>> round(black_hole_response(-3.0, d=4), 6)
    -0.456947
    """
    lower, upper = boundary_powers(m2, d)
    if lower == upper or m2 == 0:
        raise InvalidArgument("m2", "two different powers, none of them 0", m2, "choose -d^2/4 < m2, m2 != 0")
    nu = -lower / d
    return float(gamma(-nu - 0.5) * gamma(nu + 1) / (gamma(-nu) * gamma(nu + 0.5)))


@checked
def quartic_field(eta: Float[np.ndarray, " depth"], lam: float, source: float, d: int = 3) -> Field:
    r"""A nonlinear field in anti-de Sitter space, where :math:`h = d` and :math:`m^2 = -2d^2/9`.

    It solves :math:`\phi' = -\frac d3\phi + b\,\phi^2` with :math:`b = \sqrt{\lambda/2}`, and so the field equation:

    .. math:: \phi = \frac{A\,e^{-d\eta/3}}{1 + (3b/d)\,A\,e^{-d\eta/3}} .

    For d = 3 this is the conformally coupled mass, :math:`m^2 = -2`.

    Parameters
    ----------
    eta : numpy.ndarray, shape (depth,)
        Depths, any sign.
    lam : float
        The coupling :math:`\lambda`, at least 0.
    source : float
        The source A, positive, so that there is no pole.
    d : int
        Dimension of the boundary, at least 2.

    Examples
    --------
    >>> phi, pi_ = quartic_field(np.array([0.0]), lam=2.0, source=1.0)
    >>> float(phi[0]), float(pi_[0])
    (0.5, -0.25)
    """
    checks.array("eta", eta, shape=("depth",))
    b = np.sqrt(checks.number("lam", lam, minimum=0) / 2)
    d = checks.count("d", d, minimum=2)
    source = checks.number("source", source, above=0)
    with np.errstate(over="ignore", invalid="ignore"):  # an overflow is reported below
        free = source * np.exp(-d * eta / 3)
        phi = free / (1 + 3 * b / d * free)
        pi_ = -d / 3 * phi + b * phi**2
    checks.finite_result("the exact field", np.stack([phi, pi_]), where="very negative eta", remedy="stop the grid earlier")
    return phi, pi_
