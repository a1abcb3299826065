"""The exact spectra hold in the chain, and bulks of the isospectral family share theirs."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.mesons.exact_spectra import isospectral_exponent
from nnqg.emergent_spacetime.mesons.sturm_liouville import Chain, modes
from nnqg.errors import Diverged, InvalidArgument

SOFT_WALL = 4.0 * np.arange(1, 6)  # m^2 in units of c


def family(g, number=800, count=5):
    chain = Chain(8.0, number)
    return chain, modes(chain, isospectral_exponent(chain.sites, g), isospectral_exponent(chain.links, g), count)


@pytest.mark.parametrize("g", [-0.8, 0.0, 3.0])
def test_the_family_is_isospectral(g):
    np.testing.assert_allclose(family(g)[1].masses2, SOFT_WALL, atol=5e-4)


def test_isospectrality_is_exact_up_to_order_two():
    errors = [abs(family(3.0, number)[1].masses2 - SOFT_WALL).max() for number in (200, 400, 800)]
    assert (abs(np.log2(np.divide(errors[:-1], errors[1:])) - 2) < 0.1).all()


@pytest.mark.parametrize("g", [-0.8, 3.0])
def test_only_the_ground_state_changes_at_the_boundary(g):
    amplitudes = [found.psi[:, 0] ** 2 / chain.sites[0] ** 3 for chain, found in (family(g), family(0.0))]
    ratio = amplitudes[0] / amplitudes[1]
    np.testing.assert_allclose(ratio, [1 + g, 1, 1, 1, 1], rtol=2e-3)


def test_members_differ_by_more_than_the_grid():
    z = np.linspace(0.01, 6.0, 400)
    assert abs(isospectral_exponent(z, 3.0) - (z**2 + np.log(z))).max() > 0.9
    np.testing.assert_allclose(isospectral_exponent(z, 0.0), (z**2 + np.log(z)))


def test_the_closed_form_is_the_general_formula():
    """e^(-B_g/2) = e^(-B/2) [1 + g w v0 v0' / (m0^2 (1 + g I))] with v0 = sqrt(2) z^2."""
    z, g = np.linspace(0.05, 4.0, 50), -0.6
    weight, integral = np.exp(-(z**2)) / z, 1 - (1 + z**2) * np.exp(-(z**2))
    factor = 1 + g * weight * 4 * z**3 / (4 * (1 + g * integral))
    np.testing.assert_allclose(isospectral_exponent(z, g), (z**2 + np.log(z)) - 2 * np.log(factor), atol=1e-12)


@pytest.mark.parametrize("c", [0.25, 2.0])
def test_dimensions(c):
    z = np.linspace(0.1, 3.0, 20)
    np.testing.assert_allclose(isospectral_exponent(z, 2.0, c) + np.log(np.sqrt(c)), isospectral_exponent(np.sqrt(c) * z, 2.0), atol=1e-12)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: isospectral_exponent(np.array([0.0, 1.0]), g=1.0), "z: expected positions behind the boundary"),
        (lambda: isospectral_exponent(np.array([1.0]), g=1.0, c=-1.0), "c: expected"),
        (lambda: isospectral_exponent(np.array([1.0]), g=-1.0), "g: expected a number above -1"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


@pytest.mark.bad_input
def test_an_exponent_that_overflows_is_an_error():
    with pytest.raises(Diverged, match="large z"):
        isospectral_exponent(np.array([1e200]), g=1.0)
