"""f and g from h: the black hole, identities, a metric that is known otherwise, bad input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from nnqg.emergent_spacetime.quark_potential.metric_reconstruction import SHAPES, reconstruct
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import ads_schwarzschild, hawking_temperature

ETA = np.linspace(0.02, 4.0, 80)
every_shape = pytest.mark.parametrize("shape", SHAPES)


def friction(d):
    return lambda eta: d / np.tanh(d * eta)


def bumpy(eta):
    """A black hole's h with a dip, whose integral is known."""
    return 4 / np.tanh(4 * eta) - 3 * eta * np.exp(-(eta**2))


def dip_integral(eta):
    return -1.5 * (1 - np.exp(-(eta**2)))


def derivative(function, eta, step=1e-5):
    return (function(eta + step) - function(eta - step)) / (2 * step)


@pytest.mark.parametrize("d", [2, 3, 4, 6])
def test_the_consistent_shape_gives_the_black_hole_back(d):
    brane = reconstruct(friction(d), "einstein", hawking_temperature(d, horizon_radius=1.3), d)
    exact = ads_schwarzschild(ETA, d, horizon_radius=1.3)
    np.testing.assert_allclose(brane(ETA).f, exact.f, rtol=1e-11)
    np.testing.assert_allclose(brane(ETA).g, exact.g, rtol=1e-11)


def test_in_four_dimensions_the_black_hole_has_the_cosh_shape():
    brane = reconstruct(friction(4), "cosh", hawking_temperature(4))
    np.testing.assert_allclose(brane(ETA).f, ads_schwarzschild(ETA, 4).f, rtol=1e-11)


@every_shape
def test_h_temperature_and_boundary_are_kept(shape):
    brane = reconstruct(bumpy, shape, 0.3)
    log_volume = derivative(lambda eta: 0.5 * np.log(brane(eta).f * brane(eta).g ** 3), ETA)
    np.testing.assert_allclose(log_volume, bumpy(ETA), rtol=1e-5, atol=1e-5)
    near, far = brane(np.array([1e-6])), brane(np.array([5.9, 9.0]))
    assert np.sqrt(near.f[0]) / 1e-6 / (2 * np.pi) == pytest.approx(0.3, rel=1e-5)
    assert near.g[0] == pytest.approx(brane.horizon_warp, rel=1e-4)
    np.testing.assert_allclose(far.f / far.g, 1.0, rtol=1e-8)
    np.testing.assert_allclose(far.g, brane.boundary_warp * np.exp(2 * far.eta), rtol=1e-8)


def test_the_volume_is_the_integral():
    brane = reconstruct(bumpy, "cosh", 1.0)
    expected = np.log(np.sinh(4 * ETA) / 4) + dip_integral(ETA)
    np.testing.assert_allclose(brane.log_volume(ETA), expected, atol=1e-9)


def test_the_consistent_shape_against_quadrature():
    """log gamma = (1/2) int (h - 1/v), with v in closed form."""
    brane = reconstruct(bumpy, "einstein", 1.0)

    def rate(eta):
        return 0.5 * (bumpy(eta) - 4 / np.sinh(4 * eta) * np.exp(-dip_integral(eta)))

    for eta in (0.3, 1.0, 2.5):
        assert float(brane.log_shape(np.array([eta]))[0]) == pytest.approx(quad(rate, 1e-9, eta, epsabs=1e-12)[0], abs=1e-8)


def test_einsteins_equation_holds():
    brane = reconstruct(bumpy, "einstein", 1.0)

    def w(eta):
        return derivative(lambda at: 0.5 * np.log(brane(at).f / brane(at).g), eta, 1e-4)

    some = np.linspace(0.1, 1.5, 30)
    np.testing.assert_allclose(derivative(w, some, 1e-3), -bumpy(some) * w(some), rtol=1e-4)


@every_shape
@settings(max_examples=10)
@given(temperature=st.floats(0.05, 20.0))
def test_temperature_is_a_factor(shape, temperature):
    unit, brane = reconstruct(bumpy, shape, 1.0)(ETA), reconstruct(bumpy, shape, temperature)(ETA)
    np.testing.assert_allclose(brane.f, temperature**2 * unit.f, rtol=1e-12)
    np.testing.assert_allclose(brane.g, temperature**2 * unit.g, rtol=1e-12)


@pytest.mark.bad_input
def test_bad_frictions_are_refused():
    for bad, match in (
        (3.0, "h: "),
        (lambda eta: 4 + 0 * eta, "pole"),
        (lambda eta: 3 / np.tanh(4 * eta), "pole"),
        (lambda eta: 1 / eta, "boundary"),
        (lambda eta: np.nan * eta, "h"),
        (lambda eta: 4.0, "h"),
    ):
        with pytest.raises(InvalidArgument, match=match):
            reconstruct(bad, "einstein", 1.0)


@pytest.mark.bad_input
def test_other_bad_arguments_are_refused():
    with pytest.raises(InvalidArgument, match="shape"):
        reconstruct(friction(4), "round", 1.0)
    for bad in (0.0, -1.0, np.nan, "1"):
        with pytest.raises(InvalidArgument, match="temperature"):
            reconstruct(friction(4), "cosh", bad)
    for bad in (1, 4.0, True):
        with pytest.raises(InvalidArgument, match="d: "):
            reconstruct(friction(4), "cosh", 1.0, bad)
    brane = reconstruct(friction(4), "cosh", 1.0)
    for bad in (np.array([0.0]), np.array([-1.0, 1.0]), np.array([1]), 1.0):
        with pytest.raises(InvalidArgument, match="eta"):
            brane(bad)
