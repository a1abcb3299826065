r"""What a free machine's visible layer says about the boundary theory: source, response and the kernel that is left of them.

In anti-de Sitter space a field is :math:`A\,e^{-\Delta_-\eta} + B\,e^{-\Delta_+\eta}` near the boundary, with
:math:`\Delta_\pm = d/2 \pm \nu`. The kernel :math:`K_0` of the visible unit (`gaussian_layers`) holds B/A behind a divergent term,
which holographic renormalisation subtracts. On layers the powers are those of the lattice, not of the continuum.
"""

import numpy as np
from scipy.special import gamma, kve

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import boundary_powers

__all__ = ["anti_de_sitter_kernel", "boundary_coefficient", "response_ratio"]


@checked
def anti_de_sitter_kernel(momentum: float, eta: float, m2: float, d: int) -> float:
    r"""The continuum's K in anti-de Sitter space, from the solution :math:`\phi = z^{d/2}\mathrm K_\nu(qz)` with :math:`z = e^{-\eta}`.

    .. math:: K = s\frac{\pi}{\phi} = -z^{-d}\Big[\Delta_- - qz\,\frac{\mathrm K_{\nu-1}(qz)}{\mathrm K_\nu(qz)}\Big]

    (with :math:`x\mathrm K_\nu' = -\nu\mathrm K_\nu - x\mathrm K_{\nu-1}` and :math:`\Delta_- = d/2 - \nu`).

    Parameters
    ----------
    momentum : float
        The wave number q, positive.
    eta : float
        Depth of the visible layer.
    m2 : float
        Mass squared, at least :math:`-d^2/4`.
    d : int
        Dimension of the boundary, at least 2.

    Examples
    --------
    >>> anti_de_sitter_kernel(2.0, 0.0, m2=-2.0, d=3)  # q e^(2 eta) - e^(3 eta)
    1.0
    """
    lower, upper = boundary_powers(m2, d)
    x = checks.number("momentum", momentum, above=0) * np.exp(-checks.number("eta", eta))
    nu = (upper - lower) / 2
    return float(-np.exp(d * eta) * (lower - x * kve(nu - 1, x) / kve(nu, x)))


@checked
def boundary_coefficient(nu: float) -> float:
    r"""Coefficient C of :math:`K_{ren}(q) = C\,q^{2\nu}`, :math:`C = 2\,\Gamma(1-\nu)/(4^\nu\,\Gamma(\nu))`, for :math:`0 < \nu < 1`.

    Examples
    --------
    >>> round(boundary_coefficient(0.5), 12)
    1.0
    """
    nu = checks.number("nu", nu, above=0, below=1)
    return float(2 * gamma(1 - nu) / (4**nu * gamma(nu)))


@checked
def response_ratio(kernel: float, eta: float, step: float, m2: float, d: int) -> float:
    r"""Read B/A off the visible layer: the field is :math:`A e^{-\delta_-\eta} + B e^{-\delta_+\eta}` there, with the *lattice's* powers.

    .. math:: \frac BA = -\frac{K_0/s_0 - c_-}{K_0/s_0 - c_+}\,e^{2\nu\eta}, \qquad
        c_\pm = \frac{e^{-d\Delta/2}}{\Delta}\big(1 - e^{\delta_\pm\Delta}\big) + \frac{m^2\Delta}2, \quad \delta_\pm = \frac d2 \pm \nu ,

    where :math:`\cosh\nu\Delta = \cosh(d\Delta/2) + m^2\Delta^2/2`, so that the powers solve the discrete field equation at q = 0, and
    :math:`\nu = \sqrt{d^2/4 + m^2} + O(\Delta^2)`. Subtracting :math:`c_-`, which tends to :math:`-\Delta_-`, is holographic
    renormalisation.

    Parameters
    ----------
    kernel : float
        :math:`K_0/s_0` of the visible unit.
    eta : float
        Its depth.
    step : float
        Distance :math:`\Delta` of two layers, positive.
    m2 : float
        Mass squared, above :math:`-d^2/4`: at the bound both powers are the same.
    d : int
        Dimension of the boundary, at least 2.

    Examples
    --------
    >>> round(response_ratio(-1.0, 0.0, 1e-6, m2=-3.0, d=4), 4) == 0.0  # a pure source: phi'/phi = -1
    True
    """
    step, m2 = checks.number("step", step, above=0), checks.number("m2", m2, above=-(checks.count("d", d, minimum=2) ** 2) / 4)
    excess = 2 * np.sinh(d * step / 4) ** 2 + m2 * step**2 / 2  # cosh - 1 without cancellation
    nu = 2 * np.arcsinh(np.sqrt(excess / 2)) / step
    lower, upper = (np.exp(-d * step / 2) / step * -np.expm1((d / 2 + sign * nu) * step) + m2 * step / 2 for sign in (-1, 1))
    kernel, eta = checks.number("kernel", kernel), checks.number("eta", eta)
    if kernel == upper:
        raise InvalidArgument("kernel", "a field with a source", kernel, "this kernel is that of the response alone")
    return float(-(kernel - lower) / (kernel - upper) * np.exp(2 * nu * eta))
