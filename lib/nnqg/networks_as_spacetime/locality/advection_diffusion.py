r"""Random fields on a ring, and their exact evolution under advection and diffusion.

.. math:: \partial_t \phi = -v\, \partial_x \phi + D\, \partial_x^2 \phi \quad \Longrightarrow \quad
          \hat\phi_q(t) = e^{(-i v q - D q^2)\, t}\, \hat\phi_q(0), \qquad \phi(x) = \sum_q \hat\phi_q e^{iqx},

with integer wave numbers q, because the circumference is 2 pi. The number of sites is odd, so that no mode is its own mirror image.
The fields are Gaussian; mode q has the variance :math:`S_q \propto (1 + q^2/q_0^2)^{-p}`, and each site has the variance 1.
"""

import numpy as np
from jaxtyping import Complex, Float, Inexact

from nnqg import checks
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.locality._modes import modes

__all__ = ["evolution_factors", "field_spectrum", "filter_fields", "random_fields", "translation_invariant"]


def field_spectrum(sites: int, bend: float, power: float) -> Float[np.ndarray, " mode"]:
    """Variances of the modes q = 0, 1, ..., (sites - 1)/2, with the average 1 over all modes of both signs.

    Parameters
    ----------
    sites : int
        Odd number of sites.
    bend : float
        Wave number q0 at which the spectrum bends down.
    power : float
        Power p of the decay; 0 is white noise.

    Returns
    -------
    numpy.ndarray, shape (mode,)
        The variances.

    Raises
    ------
    InvalidArgument
        If the number of sites is even, or a number is out of range.

    Examples
    --------
    >>> field_spectrum(5, 2.0, 0.0)
    array([1., 1., 1.])
    """
    q = np.arange(_odd(sites) // 2 + 1)
    decay = (1 + (q / checks.number("bend", bend, above=0)) ** 2) ** -checks.number("power", power, minimum=0)
    return decay * sites / (2 * decay.sum() - decay[0])


def random_fields(rng: np.random.Generator, samples: int, spectrum: Float[np.ndarray, " mode"]) -> Float[np.ndarray, "sample site"]:
    """Gaussian fields with the given variances of their modes.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of random numbers.
    samples : int
        Number of fields.
    spectrum : numpy.ndarray, shape (mode,)
        Variances as from `field_spectrum`.

    Returns
    -------
    numpy.ndarray, shape (sample, site)
        The fields.

    Raises
    ------
    InvalidArgument
        If the number of samples is not positive or a variance negative.

    Examples
    --------
    >>> random_fields(np.random.default_rng(0), 2, field_spectrum(5, 2.0, 1.0)).shape
    (2, 5)
    """
    checks.array("spectrum", spectrum, shape=("mode",), minimum=0.0)
    white = rng.standard_normal((checks.count("samples", samples), 2 * len(spectrum) - 1))
    return filter_fields(white, np.sqrt(spectrum))


def evolution_factors(sites: int, velocity: float, diffusivity: float, time: float) -> Complex[np.ndarray, " mode"]:
    """What the modes are multiplied by: exp((-i v q - D q^2) t).

    Parameters
    ----------
    sites : int
        Odd number of sites.
    velocity, diffusivity : float
        v and D, the latter not negative.
    time : float
        Time t, not negative.

    Returns
    -------
    numpy.ndarray of complex, shape (mode,)
        The factors.

    Raises
    ------
    InvalidArgument
        If the number of sites is even, or a number is out of range.

    Examples
    --------
    >>> evolution_factors(3, 0.0, 1.0, 0.0)
    array([1.+0.j, 1.+0.j])
    """
    q = np.arange(_odd(sites) // 2 + 1)
    v, d = checks.number("velocity", velocity), checks.number("diffusivity", diffusivity, minimum=0)
    return np.exp(checks.number("time", time, minimum=0) * (-1j * v * q - d * q**2))


def filter_fields(fields: Float[np.ndarray, "*batch site"], factors: Inexact[np.ndarray, " mode"]) -> Float[np.ndarray, "*batch site"]:
    """Multiply every Fourier mode by a factor.

    Parameters
    ----------
    fields : numpy.ndarray, shape (..., site)
        Fields on an odd number of sites.
    factors : numpy.ndarray, shape (mode,)
        Real or complex factors of q = 0, 1, ..., (sites - 1)/2; -q gets the complex conjugate.

    Returns
    -------
    numpy.ndarray, shape (..., site)
        The new fields.

    Raises
    ------
    InvalidArgument
        If the number of sites is even or does not fit the number of modes.

    Examples
    --------
    >>> filter_fields(np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0]))
    array([2., 2., 2.])
    """
    checks.array("fields", fields)
    modes("factors", factors)
    if fields.shape[-1] != 2 * len(factors) - 1:
        raise InvalidArgument("fields", f"{2 * len(factors) - 1} sites", fields.shape[-1], "take an odd number of sites, 2 modes - 1")
    return np.fft.irfft(np.fft.rfft(fields) * factors, fields.shape[-1])


def translation_invariant(factors: Inexact[np.ndarray, " mode"]) -> Float[np.ndarray, "site site"]:
    """The same filter as a matrix; with a spectrum for factors, the covariance matrix of the fields.

    Parameters
    ----------
    factors : numpy.ndarray, shape (mode,)
        As in `filter_fields`.

    Returns
    -------
    numpy.ndarray, shape (site, site)
        Circulant matrix.

    Raises
    ------
    InvalidArgument
        If there is no factor.

    Examples
    --------
    >>> bool(np.allclose(translation_invariant(np.ones(2)), np.eye(3)))
    True
    """
    return filter_fields(np.eye(2 * len(modes("factors", factors)) - 1), factors).T


def _odd(sites: int) -> int:
    if checks.count("sites", sites, minimum=3) % 2 == 0:
        raise InvalidArgument("sites", "an odd number", sites, "add one site")
    return sites
