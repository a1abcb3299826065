"""The weight of networks: its gradient, the exact covariance of the oscillator, cut flips by enumeration, potentials refused."""

from itertools import product

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.hybrid_monte_carlo import estimate, sample
from nnqg.quantum_mechanics.ground_states.network_weight import NetworkWeight
from nnqg.quantum_mechanics.time_slicing.lattice import transfer_matrix, weight_covariance


def well(A=1.0, **arguments):
    given = {"duration": 2.0, "steps": 9, "m": 1.3, "hbar": 0.8} | arguments
    return NetworkWeight(lambda x: (x * x - A) ** 2, lambda x: 4 * x * (x * x - A), **given)


def networks(weight, number=5):
    return np.random.default_rng(3).standard_normal((number, weight.steps + 1))


def test_gradient_is_the_slope_of_the_action():
    weight = well()
    u = networks(weight)
    shifts = 1e-5 * np.eye(10)
    slopes = np.array([(weight.action(u + shift) - weight.action(u - shift)) / 2e-5 for shift in shifts]).T
    np.testing.assert_allclose(weight.gradient(u), slopes, rtol=1e-6, atol=1e-7)


def test_action_is_that_of_the_path():
    weight = well()
    x = weight.paths(networks(weight))
    V = weight.potential(x)
    S = 1.3 * np.diff(x) ** 2 / (2 * weight.dtau) + weight.dtau * (V[:, 1:] + V[:, :-1]) / 2
    np.testing.assert_allclose(weight.action(networks(weight)), S.sum(1) / 0.8, rtol=1e-12)


def test_weights_undo_paths():
    weight = well()
    u = networks(weight)
    np.testing.assert_allclose(weight.weights(weight.paths(u)), u, atol=1e-13)


def test_oscillator_is_the_gaussian_with_the_known_covariance():
    weight = NetworkWeight(lambda x: 0.9 * x * x / 2, lambda x: 0.9 * x, duration=3.0, steps=12, m=1.3, hbar=0.8)
    hessian = np.array([weight.gradient(row[None])[0] for row in np.eye(13)])
    covariance, _ = weight_covariance(12, 0.25, 0.9 * np.eye(1), m=1.3, hbar=0.8)
    scale = np.array([1.0, *np.full(12, np.sqrt(1.3 * 0.25 / 0.8))])
    np.testing.assert_allclose(np.linalg.inv(hessian), covariance[:, 0, :, 0] * scale[:, None] * scale, atol=1e-12)


def test_cut_flips_keep_moduli_and_throw_signs_with_their_weights():
    """Three points: all eight sign patterns of one path against their Boltzmann weights."""
    weight = well(duration=0.6, steps=2)
    x = np.array([[0.5, 0.7, -0.3]])
    patterns = np.array(list(product([-1.0, 1.0], repeat=3)))
    expected = np.exp(-weight.action(weight.weights(patterns * abs(x))))
    u = np.repeat(weight.weights(x), 40_000, axis=0)
    thrown = weight.paths(weight.flip_cuts(u, np.random.default_rng(1)))
    np.testing.assert_allclose(abs(thrown), np.broadcast_to(abs(x), thrown.shape), atol=1e-13)
    counts = np.array([(np.sign(thrown) == pattern).all(1).mean() for pattern in patterns])
    assert abs(counts - expected / expected.sum()).max() < 4 * 0.5 / 200


def test_a_shallow_double_well_against_the_transfer_matrix():
    weight = well(duration=8.0, steps=32, m=1.0, hbar=1.0)
    start = weight.weights(np.ones((64, 33)))
    found = sample(
        weight.action,
        weight.gradient,
        start,
        np.random.default_rng(4),
        step=0.07,
        leaps=12,
        trajectories=250,
        discard=50,
        observe=lambda u: weight.paths(u)[:, 12:21].T,
        move=weight.flip_cuts,
    )
    grid = np.linspace(-4, 4, 81)
    _, psi = transfer_matrix(weight.potential, 0.25, grid)
    square = estimate((found.values**2).mean(1))
    assert abs(square.mean - (psi[0] ** 2 * grid**2).sum() * 0.1) < 4 * square.error
    assert square.error < 0.005


@pytest.mark.bad_input
@pytest.mark.parametrize("name", ["duration", "m", "hbar"])
@pytest.mark.parametrize("value", [0.0, -1.0, np.inf])
def test_times_and_constants_are_positive(name, value):
    with pytest.raises(InvalidArgument, match=name):
        well(**{name: value})


@pytest.mark.bad_input
def test_one_time_slice_is_too_few():
    with pytest.raises(InvalidArgument, match="steps"):
        well(steps=1)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("V", "slope"),
    [
        (lambda x: -(x**4), lambda x: -4 * x**3),
        (lambda x: x**3, lambda x: 3 * x**2),
        (lambda x: 0 * x, lambda x: 0 * x),
        (np.cos, lambda x: -np.sin(x)),
        (lambda x: -(x**2), lambda x: x),
    ],
    ids=["inverted", "cubic", "none", "periodic", "slope of another potential"],
)
def test_potentials_that_do_not_confine_are_refused(V, slope):
    with pytest.raises(InvalidArgument, match="bounded from below"):
        NetworkWeight(V, slope, duration=1.0, steps=4)


@pytest.mark.bad_input
def test_cut_flips_need_an_even_potential():
    weight = NetworkWeight(lambda x: x**4 + x, lambda x: 4 * x**3 + 1, duration=1.0, steps=4)
    with pytest.raises(InvalidArgument, match="even"):
        weight.flip_cuts(np.zeros((2, 5)), np.random.default_rng(1))


@pytest.mark.bad_input
def test_paths_of_another_length_are_refused():
    with pytest.raises(InvalidArgument, match="x"):
        well().weights(np.zeros((2, 5)))
