"""The chain gives the exact meson spectra at order 2, with exact gradients."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import jn_zeros

from nnqg.emergent_spacetime.mesons.sturm_liouville import Chain, Modes, exponent_gradients, modes, slope_kernels
from nnqg.errors import Diverged, InvalidArgument


def on_chain(chain, exponent):
    return exponent(chain.sites), exponent(chain.links)


def soft_wall(z, spin=1):
    return z**2 + (2 * spin - 1) * np.log(z)


def bumpy(z):
    return soft_wall(z) + 0.3 * np.sin(2 * z)


@pytest.mark.parametrize(("spin", "tolerance"), [(1, 2e-4), (2, 1e-3)])
def test_spectrum_of_the_soft_wall(spin, tolerance):
    chain = Chain(8.0, 800)
    found = modes(chain, *on_chain(chain, lambda z: soft_wall(z, spin=spin)), 4).masses2
    np.testing.assert_allclose(found, 4.0 * (np.arange(4) + spin), atol=tolerance)


@pytest.mark.parametrize(("wall", "exact"), [("neumann", [2.404826, 5.520078, 8.653728]), ("dirichlet", [3.831706, 7.015587, 10.173468])])
def test_walls_give_the_zeros_of_different_bessel_functions(wall, exact):
    chain = Chain(1.0, 1600, wall)
    np.testing.assert_allclose(np.sqrt(modes(chain, *on_chain(chain, np.log), 3).masses2), exact, atol=1e-4)


@pytest.mark.parametrize("case", ["soft", "hard"])
def test_order_is_two(case):
    errors = []
    for number in (200, 400, 800):
        chain = Chain(8.0, number) if case == "soft" else Chain(1.0, number, "neumann")
        exact = 4.0 * np.arange(1, 4) if case == "soft" else jn_zeros(0, 3) ** 2
        found = modes(chain, *on_chain(chain, soft_wall if case == "soft" else np.log), 3).masses2
        errors.append(abs(found - exact).max())
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    assert (abs(orders - 2) < 0.1).all()


def test_modes_are_normalised_and_orthogonal():
    chain = Chain(8.0, 400)
    psi = modes(chain, *on_chain(chain, bumpy), 5).psi
    np.testing.assert_allclose(chain.spacing * psi @ psi.T, np.eye(5), atol=1e-12)
    assert (psi[:, 0] > 0).all()


def test_ground_state_of_the_soft_wall():
    chain = Chain(8.0, 800)
    psi = modes(chain, *on_chain(chain, soft_wall), 1).psi[0]
    np.testing.assert_allclose(psi, np.sqrt(2) * chain.sites**1.5 * np.exp(-(chain.sites**2) / 2), atol=1e-4)


def test_gradients_are_those_of_finite_differences():
    chain, rng = Chain(6.0, 60), np.random.default_rng(3)
    site, link = on_chain(chain, bumpy)
    by_site, by_link = exponent_gradients(chain, site, link, modes(chain, site, link, 3))
    along_site, along_link = rng.standard_normal(60), rng.standard_normal(61)
    moved = [modes(chain, site + s * along_site, link + s * along_link, 3).masses2 for s in (1e-5, -1e-5)]
    np.testing.assert_allclose(by_site @ along_site + by_link @ along_link, (moved[0] - moved[1]) / 2e-5, rtol=1e-6)


@pytest.mark.parametrize("wall", ["dirichlet", "neumann"])
def test_gradients_are_those_of_backpropagation_through_a_deep_linear_network(wall):
    """The output of the network vanishes at the masses, so dm2/dB = -(dF/dB) / (dF/dm2)."""
    chain = Chain(3.0, 40, wall)
    site, link = on_chain(chain, bumpy)
    found = modes(chain, site, link, 2)
    by_site, by_link = exponent_gradients(chain, site, link, found)
    for n in range(2):
        b_site, b_link = (torch.tensor(b, requires_grad=True) for b in (site, link))
        m2 = torch.tensor(found.masses2[n], requires_grad=True)
        v, flux = torch.zeros((), dtype=torch.float64), torch.ones((), dtype=torch.float64)
        for i in range(chain.number):  # one site is one layer
            v = v + chain.spacing * torch.exp(b_link[i]) * flux
            flux = flux - chain.spacing * m2 * torch.exp(-b_site[i]) * v
        output = flux if wall == "neumann" else v + chain.spacing * torch.exp(b_link[-1]) * flux
        assert abs(output.item()) < 1e-8
        output.backward()
        np.testing.assert_allclose(by_site[n], -(b_site.grad / m2.grad).numpy(), atol=1e-9)
        expected = np.zeros(41) if b_link.grad is None else -(b_link.grad / m2.grad).numpy()
        np.testing.assert_allclose(by_link[n], expected, atol=1e-9)


@given(shift=st.floats(-50, 50))
@settings(max_examples=20)
def test_a_constant_in_the_exponent_changes_nothing(shift):
    chain = Chain(5.0, 100)
    site, link = on_chain(chain, bumpy)
    before, after = modes(chain, site, link, 3), modes(chain, site + shift, link + shift, 3)
    np.testing.assert_allclose(after.masses2, before.masses2, rtol=1e-10)
    by_site, by_link = exponent_gradients(chain, site, link, before)
    np.testing.assert_allclose(by_site.sum(1) + by_link.sum(1), 0, atol=1e-10)


def test_kernels_integrate_to_the_response():
    chain = Chain(8.0, 800)
    site, link = on_chain(chain, bumpy)
    kernels = slope_kernels(chain, site, link, modes(chain, site, link, 3))
    bump = [np.exp(-((z - 1.2) ** 2) / 0.1) for z in (chain.sites, chain.links)]
    area = [np.sqrt(np.pi * 0.1) / 2 * (1 + _erf((z - 1.2) / np.sqrt(0.1))) for z in (chain.sites, chain.links)]
    moved = [modes(chain, site + s * area[0], link + s * area[1], 3).masses2 for s in (1e-4, -1e-4)]
    np.testing.assert_allclose(chain.spacing * kernels @ bump[0], (moved[0] - moved[1]) / 2e-4, atol=1e-4)


def test_kernels_have_order_two():
    errors = []
    for number in (200, 400):
        chain = Chain(8.0, number)
        exponents = on_chain(chain, soft_wall)
        exact = 4 * chain.sites**2 * np.exp(-(chain.sites**2))
        errors.append(abs(slope_kernels(chain, *exponents, modes(chain, *exponents, 1))[0] - exact).max())
    assert abs(np.log2(errors[0] / errors[1]) - 2) < 0.2


def _erf(x):
    from scipy.special import erf

    return erf(x)


CHAIN, FLAT = Chain(1.0, 10), (np.zeros(10), np.zeros(11))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Chain(-1.0, 10), "length: expected a number above 0"),
        (lambda: Chain(1.0, 1), "number: expected an integer >= 2"),
        (lambda: Chain(1.0, 10, "open"), "wall: expected"),
        (lambda: modes(Chain(1.0, 10), np.zeros(9), np.zeros(11), 2), "site_exponent: expected"),
        (lambda: modes(Chain(1.0, 10), np.zeros(10), np.zeros(10), 2), "link_exponent: expected"),
        (lambda: modes(Chain(1.0, 10), np.full(10, np.nan), np.zeros(11), 2), "site_exponent: expected"),
        (lambda: modes(Chain(1.0, 10), np.zeros(10), np.zeros(11), 11), "count: expected"),
        (lambda: exponent_gradients(CHAIN, *FLAT, Modes(np.ones(1), np.ones((2, 10)))), "psi: expected"),
        (lambda: slope_kernels(CHAIN, *FLAT, Modes(np.array([np.nan]), np.ones((1, 10)))), "masses2: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


@pytest.mark.bad_input
def test_weights_that_overflow_are_an_error():
    with pytest.raises(Diverged, match="finer chain"):
        modes(Chain(1.0, 4), np.array([0.0, 2000.0, 0.0, 0.0]), np.zeros(5), 2)
