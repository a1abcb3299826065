r"""The network of cosines that becomes a harmonic oscillator (slide *Neural network field theory* 2/2; Halverson, arXiv:2112.04527).

.. math::

    x(\tau) = \sum_{n=1}^N a_n \frac{\cos(b_n\tau + c_n)}{\sqrt{b_n^2 + \omega^2}} ,\qquad
    a_n \sim \mathcal N\Big(0, \frac{v}{N}\Big),\quad b_n \sim \mathcal U(-\Lambda, \Lambda),\quad c_n \sim \mathcal U(-\pi, \pi) .

Its two-point function is :math:`\frac{v}{4\Lambda}\int_{-\Lambda}^{\Lambda}db\,\cos(b\tau)/(b^2 + \omega^2)` for every width. The slide
has v = 1 and leaves the factor :math:`1/4\Lambda` out; the oscillator of mass m has :math:`v = 2\Lambda\hbar/\pi m`, which is used here
with :math:`\hbar = m = 1`.
"""

import math

import numpy as np
from jaxtyping import Float
from scipy.integrate import quad

from nnqg import checks
from nnqg.boundary import checked

__all__ = ["excess_kurtosis", "propagator", "sample_paths"]


@checked
def sample_paths(
    tau: Float[np.ndarray, " time"], width: int, networks: int, rng: np.random.Generator, *, cutoff: float, omega: float = 1.0
) -> Float[np.ndarray, "network time"]:
    r"""Return paths of random networks of cosines, with the variance :math:`2\Lambda/\pi N` of an oscillator's output weights.

    Phases are rounded at :math:`6\times10^{-8}\,|b\tau|`.

    Parameters
    ----------
    cutoff : float
        Lambda, the largest frequency.

    Examples
    --------
    >>> sample_paths(np.zeros(1), 8, 5, np.random.default_rng(1), cutoff=10.0).shape
    (5, 1)
    """
    checks.array("tau", tau, shape=("time",))
    checks.count("width", width, maximum=checks.MOST_STEPS), checks.count("networks", networks)
    _check(cutoff, omega)
    x, times = np.zeros((len(tau), networks)), tau[:, None].astype(np.float32)
    for _ in range(width):  # unit by unit: memory for one; in single precision, whose rounding is far below the scatter
        a = rng.standard_normal(networks, dtype=np.float32)
        b, c = rng.random((2, networks), dtype=np.float32)
        b = np.float32(2 * cutoff) * b - np.float32(cutoff)
        x += a / np.sqrt(b * b + np.float32(omega**2)) * np.cos(b * times + np.float32(2 * math.pi) * c)
    return np.ascontiguousarray(x.T) * math.sqrt(2 * cutoff / (math.pi * width))


@checked
def propagator(tau: float, cutoff: float, omega: float = 1.0) -> float:
    r"""Return :math:`\frac1{2\pi}\int_{-\Lambda}^{\Lambda}db\,\cos(b\tau)/(b^2 + \omega^2)`.

    For an infinite cutoff this is the oscillator's :math:`e^{-\omega|\tau|}/2\omega`.

    Examples
    --------
    >>> round(propagator(0.0, 10.0), 4)
    0.4683
    """
    checks.number("tau", tau)
    _check(cutoff, omega)
    return float(quad(lambda b: 1 / (b**2 + omega**2), 0, cutoff, weight="cos", wvar=tau, limit=200)[0] / math.pi)


@checked
def excess_kurtosis(width: int, cutoff: float, omega: float = 1.0, *, fourth: float = 3.0) -> float:
    r"""Return :math:`\langle x^4\rangle/\langle x^2\rangle^2 - 3 = \frac1N(\frac32 qR - 3)`, exact for every width.

    Here :math:`R = \langle D^2\rangle/\langle D\rangle^2` with :math:`D = 1/(b^2 + \omega^2)`; for a large cutoff it is
    :math:`\Lambda/\pi\omega`.

    Parameters
    ----------
    fourth : float
        q = <a^4> / <a^2>^2 of the output weights: 3 for Gaussian ones, 1 for coins.

    Examples
    --------
    >>> round(80 * excess_kurtosis(80, 10.0), 2)
    13.32
    """
    checks.count("width", width)
    _check(cutoff, omega)
    checks.number("fourth", fourth, minimum=1)
    ratio = cutoff / omega
    angle = math.atan(ratio)
    R = ratio * (ratio / (1 + ratio**2) + angle) / (2 * angle**2)
    return (1.5 * fourth * R - 3) / width


def _check(cutoff: float, omega: float) -> None:
    checks.number("cutoff", cutoff, above=0)
    checks.number("omega", omega, above=0)
