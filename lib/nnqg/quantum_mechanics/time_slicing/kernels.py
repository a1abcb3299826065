r"""Kernels of quadratic actions: exact, and sliced on any division of the time.

A time of length T runs along the direction :math:`e^{-i\theta}` of the complex plane: :math:`\theta = 0` is real time and
:math:`\theta = \pi/2` imaginary time. All kernels here are Gaussians,

.. math::

    K(x', x) = \langle x'|\,e^{-iHTe^{-i\theta}/\hbar}\,|x\rangle = n\,\exp\Big(-\frac{a}{2}x'^2 + b\,x'x - \frac{c}{2}x^2\Big) ,

and the integral over a point in between is another one. With :math:`V = \tfrac12 k x^2` a slice of the length :math:`\epsilon` has

.. math::

    K_\epsilon = \sqrt{\frac{m}{2\pi i\hbar\epsilon}}\,\exp\frac{i}{\hbar}\Big[\frac{m(x' - x)^2}{2\epsilon}
    - \frac{k\epsilon}{2}\Big(\frac{x'^2 + x^2}{2} - \kappa\,(x' - x)^2\Big)\Big] ,

where :math:`\kappa` names the rule: 0 is the *trapezoid*, 1/4 the *midpoint*, 1/6 the exact action of a straight line, which is the
*network*'s own. Since :math:`(x' - x)^2` is of the order :math:`\epsilon`, only the trapezoid converges with the second order; the others
have the relative error :math:`\kappa\omega^2 T\epsilon/2`.

The square roots follow the kernel from T = 0 continuously, so the phase beyond a caustic, where :math:`\sin\omega T = 0`, is right.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Complex, Float, Real

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_mechanics.time_slicing.paths import time_steps

__all__ = ["RULES", "GaussianKernel", "oscillator_kernel", "sliced_kernel"]

RULES = {"trapezoid": 0.0, "network": 1 / 6, "midpoint": 1 / 4}
r"""What is taken from the mean of :math:`x^2` at the ends of a slice: this times :math:`(\Delta x)^2`."""

_CAUSTIC = 1e-9


@checked
@dataclass(frozen=True)
class GaussianKernel:
    r"""The function :math:`K(x', x) = n\exp(-\frac a2x'^2 + b\,x'x - \frac c2x^2)`; ``first @ second`` integrates over the point between.

    Parameters
    ----------
    norm, final, mixed, initial : complex
        n, a, b and c.
    """

    norm: complex
    final: complex
    mixed: complex
    initial: complex

    def __call__(self, x_fin: float | Real[np.ndarray, "..."], x_ini: float | Real[np.ndarray, "..."]) -> Complex[np.ndarray, "..."]:
        """Return the kernel from x_ini to x_fin, two numbers or arrays that fit."""
        x, y = np.asarray(x_fin), np.asarray(x_ini)
        return np.asarray(self.norm * np.exp(-self.final * x * x / 2 + self.mixed * x * y - self.initial * y * y / 2))

    def __matmul__(self, before: "GaussianKernel") -> "GaussianKernel":
        """Return the integral over y of self(x', y) before(y, x)."""
        pair = (np.array([one.norm, one.final, one.mixed, one.initial]) for one in (self, before))
        return GaussianKernel(*map(complex, _joined(*pair)))


@checked
def oscillator_kernel(duration: float, omega: float = 0.0, angle: float = 0.0, *, m: float = 1.0, hbar: float = 1.0) -> GaussianKernel:
    r"""Return the kernel of Mehler (1866), and for omega = 0 that of the free particle.

    .. math:: K = \sqrt{\frac{m\omega}{2\pi i\hbar\sin\omega T}}\exp\frac{im\omega\,[(x'^2 + x^2)\cos\omega T - 2x'x]}{2\hbar\sin\omega T}

    Parameters
    ----------
    duration, omega, m, hbar : float
        T, the frequency, mass and Planck's constant; :math:`T \to Te^{-i\theta}`.
    angle : float
        :math:`\theta`, from 0 (real time) to :math:`\pi/2` (imaginary time).

    Examples
    --------
    >>> complex(oscillator_kernel(np.pi / 2, 1.0)(0.0, 0.0)).real.__round__(6) == round((4 * np.pi) ** -0.5, 6)
    True
    """
    time = checks.number("duration", duration, above=0) * _direction(angle)
    mass, action = checks.number("m", m, above=0), checks.number("hbar", hbar, above=0)
    if checks.number("omega", omega, minimum=0) == 0:
        stiff = mass / (1j * action * time)
        return GaussianKernel(complex(np.sqrt(stiff / (2 * np.pi))), stiff, stiff, stiff)
    z = omega * time
    turn = -np.expm1(-2j * z)  # sin z without its phase, which is e^(iz) / 2i
    if abs(turn) < _CAUSTIC * abs(z):
        raise InvalidArgument(
            "duration", "a time with sin(omega T) not 0", duration, "change T: at a caustic all paths arrive at one point"
        )
    scale = mass * omega / action
    root = np.exp(-0.5j * z) / np.sqrt(turn / 2)
    ends = scale * (1 + np.exp(-2j * z)) / turn
    return GaussianKernel(
        complex(root * np.sqrt(scale / (2 * np.pi))), complex(ends), complex(2 * scale * np.exp(-1j * z) / turn), complex(ends)
    )


@checked
def sliced_kernel(
    times: Float[np.ndarray, " time"],
    k: float | Float[np.ndarray, " time"] = 0.0,
    angle: float = 0.0,
    rule: str = "trapezoid",
    *,
    m: float = 1.0,
    hbar: float = 1.0,
) -> GaussianKernel:
    r"""Return the kernel with :math:`V = \frac12k(t)x^2` on a division of the time, an exact integral over the points in between.

    Parameters
    ----------
    times : numpy.ndarray
        :math:`t_0 < \dots < t_N` with any steps; they are turned to :math:`t\,e^{-i\theta}`.
    k : float or numpy.ndarray
        Stiffness :math:`m\omega^2`, a constant or one value for each time.
    angle, m, hbar : float
        As in `oscillator_kernel`.
    rule : str
        One of `RULES`.

    Examples
    --------
    >>> sliced = sliced_kernel(np.linspace(0.0, 2.0, 81), 1.0, np.pi / 2)(0.0, 0.0)
    >>> exact = oscillator_kernel(2.0, 1.0, np.pi / 2)(0.0, 0.0)
    >>> round(float(abs(sliced / exact - 1)), 6)
    6.6e-05
    """
    steps = time_steps(times) * _direction(angle)
    kappa = RULES[checks.option("rule", rule, RULES)]
    mass, action = checks.number("m", m, above=0), checks.number("hbar", hbar, above=0)
    stiffness = checks.array("k", k, shape=times.shape) if isinstance(k, np.ndarray) else np.full(times.shape, checks.number("k", k))
    middle = (stiffness[1:] + stiffness[:-1]) / 2
    mixed = (mass / steps + kappa * steps * middle) / (1j * action)
    before, after = (mixed + 0.5j * steps * one / action for one in (stiffness[:-1], stiffness[1:]))
    norm = np.sqrt(mass / (2j * np.pi * action * steps))
    parts = np.array([norm, after, mixed, before])
    while parts.shape[1] > 1:  # neighbours, all pairs at once; what has no neighbour waits
        pairs = parts.shape[1] // 2 * 2
        parts = np.concatenate([_joined(parts[:, 1:pairs:2], parts[:, :pairs:2]), parts[:, pairs:]], axis=1)
    return GaussianKernel(*map(complex, parts[:, 0]))


def _joined(later: Complex[np.ndarray, "4 *pair"], before: Complex[np.ndarray, "4 *pair"]) -> Complex[np.ndarray, "4 *pair"]:
    """Integrate over the point between two kernels (n, a, b, c), or each of many pairs."""
    (n, a, b, c), (n0, a0, b0, c0) = later, before
    curvature = c + a0
    if (abs(curvature) < _CAUSTIC * (abs(c) + abs(a0))).any():
        raise InvalidArgument("durations", "no caustic", "a sum over the middle point without end", "change the time a little")
    return np.array([n * n0 * np.sqrt(2 * np.pi / curvature), a - b**2 / curvature, b * b0 / curvature, c0 - b0**2 / curvature])


def _direction(angle: float) -> complex:
    """The unit vector along which time runs."""
    theta = checks.number("angle", angle, minimum=0, maximum=np.pi / 2)
    return complex(np.cos(theta), -np.sin(theta)) if theta < np.pi / 2 else -1j
