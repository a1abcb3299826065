r"""Random fields on a ring, and their exact evolution under advection and diffusion.

.. math:: \partial_t \phi = -v\, \partial_x \phi + D\, \partial_x^2 \phi \quad \Longrightarrow \quad
          \hat\phi_q(t) = e^{(-i v q - D q^2)\, t}\, \hat\phi_q(0), \qquad \phi(x) = \sum_q \hat\phi_q e^{iqx},

with integer wave numbers q, because the circumference is 2 pi. The number of sites is odd, so that no mode is its own mirror image, and a
vector of modes holds q = 0, 1, ..., (sites - 1)/2. Used on the page ``networks-as-spacetime/when-is-a-network-a-space``.
"""

import numpy as np
from jaxtyping import Complex, Float, Inexact

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.locality._modes import modes

__all__ = ["evolution_factors", "field_spectrum", "filter_fields", "random_fields", "translation_invariant"]


@checked
def field_spectrum(sites: int, bend: float, power: float) -> Float[np.ndarray, " mode"]:
    r"""Variances :math:`S_q \propto (1 + q^2/q_0^2)^{-p}`, with the average 1 over the modes of both signs; each site has variance 1.

    ``bend`` is q_0, ``power`` p; power 0 is white noise.

    Examples
    --------
    >>> field_spectrum(5, 2.0, 0.0)
    array([1., 1., 1.])
    """
    q = np.arange(_odd(sites) // 2 + 1)
    decay = (1 + (q / checks.number("bend", bend, above=0)) ** 2) ** -checks.number("power", power, minimum=0)
    return decay * sites / (2 * decay.sum() - decay[0])


@checked
def random_fields(rng: np.random.Generator, samples: int, spectrum: Float[np.ndarray, " mode"]) -> Float[np.ndarray, "sample site"]:
    """Gaussian fields with the given variances of their modes.

    Examples
    --------
    >>> random_fields(np.random.default_rng(0), 2, field_spectrum(5, 2.0, 1.0)).shape
    (2, 5)
    """
    checks.array("spectrum", spectrum, shape=("mode",), minimum=0.0)
    white = rng.standard_normal((checks.count("samples", samples, maximum=10 * checks.MOST_STEPS), 2 * len(spectrum) - 1))
    return filter_fields(white, np.sqrt(spectrum))


@checked
def evolution_factors(sites: int, velocity: float, diffusivity: float, time: float) -> Complex[np.ndarray, " mode"]:
    """What the modes are multiplied by: exp((-i v q - D q^2) t).

    Examples
    --------
    >>> evolution_factors(3, 0.0, 1.0, 0.0)
    array([1.+0.j, 1.+0.j])
    """
    q = np.arange(_odd(sites) // 2 + 1)
    v, d = checks.number("velocity", velocity), checks.number("diffusivity", diffusivity, minimum=0)
    return np.exp(checks.number("time", time, minimum=0) * (-1j * v * q - d * q**2))


@checked
def filter_fields(fields: Float[np.ndarray, "*batch site"], factors: Inexact[np.ndarray, " mode"]) -> Float[np.ndarray, "*batch site"]:
    """Multiply every Fourier mode by a factor; -q gets the complex conjugate.

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


@checked
def translation_invariant(factors: Inexact[np.ndarray, " mode"]) -> Float[np.ndarray, "site site"]:
    """The same filter as a matrix; with a spectrum for factors, the covariance matrix of the fields.

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
