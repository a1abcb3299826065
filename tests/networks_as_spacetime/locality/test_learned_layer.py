"""Least-squares layers: exact recovery, least number of fields, theory of the error, descent, and refusals."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.locality.advection_diffusion import (
    evolution_factors,
    field_spectrum,
    filter_fields,
    random_fields,
    translation_invariant,
)
from nnqg.networks_as_spacetime.locality.learned_layer import best_shared, fit_dense, fit_local, fit_shared

N = 15
SPECTRUM = field_spectrum(N, 3.0, 2.0)
FACTORS = evolution_factors(N, 1.0, 0.05, 0.2)
EXACT, COVARIANCE = translation_invariant(FACTORS), translation_invariant(SPECTRUM)
WEIGHTS = np.array([-0.3, 1.0, 0.5])


def circulant(weights, n):
    h = len(weights) // 2
    return sum(weight * np.roll(np.eye(n), k, axis=1) for k, weight in zip(range(-h, h + 1), weights, strict=True))


def held_out_error(layer):
    return np.sqrt(np.trace((layer - EXACT) @ COVARIANCE @ (layer - EXACT).T) / N)


def data(samples, noise, seed=0):
    rng = np.random.default_rng(seed)
    fields = random_fields(rng, samples, SPECTRUM)
    return fields, filter_fields(fields, FACTORS) + noise * rng.standard_normal(fields.shape)


def test_least_number_of_fields_of_each_layer():
    truth, rng = circulant(WEIGHTS, N), np.random.default_rng(0)
    for samples in (1, 2, 3, N - 1, N):
        fields = rng.standard_normal((samples, N))
        labels = fields @ truth.T
        assert fit_shared(fields, labels, 1)[0] == pytest.approx(WEIGHTS, abs=1e-10)
        assert np.allclose(fit_shared(fields, labels, N // 2)[0][N // 2 - 1 : N // 2 + 2], WEIGHTS)
        assert np.allclose(fit_local(fields, labels, 1), truth, atol=1e-8) == (samples >= 3)
        assert np.allclose(fit_dense(fields, labels), truth, atol=1e-8) == (samples >= N)


def test_error_bars_of_the_shared_weights():
    rng, pulls = np.random.default_rng(1), []
    for _ in range(400):
        fields = rng.standard_normal((3, N))
        weights, covariance = fit_shared(fields, fields @ circulant(WEIGHTS, N).T + 0.1 * rng.standard_normal((3, N)), 1)
        pulls.append((weights - WEIGHTS) @ np.linalg.solve(covariance, weights - WEIGHTS))
    assert np.mean(pulls) == pytest.approx(3, abs=3 * np.sqrt(6 / 400) + 0.2)  # t distribution with 42 degrees of freedom: 3.15


def test_infinitely_many_fields_give_the_best_shared_weights():
    best, many = best_shared(SPECTRUM, FACTORS, 2), fit_shared(*data(4000, 0.0), 2)[0]
    assert many == pytest.approx(best, abs=5e-3)
    base = held_out_error(circulant(best, N))
    for k in range(5):
        for step in (-1e-3, 1e-3):
            assert held_out_error(circulant(best + step * np.eye(5)[k], N)) > base


def rates(weights, n, tau):
    """v and D from the first and second moment of the weights."""
    x = 2 * np.pi / n * (np.arange(len(weights)) - len(weights) // 2)
    b, c = weights @ x, weights @ x**2 / 2
    return -b / tau, (c - b**2 / 2) / tau


def test_best_shared_weights_become_taylors_coefficients():
    gaps = []
    for n in (401, 801):
        tau = np.pi / n
        v, diffusion = rates(best_shared(field_spectrum(n, 3.0, 4.0), evolution_factors(n, 1.0, 0.05, tau), 1), n, tau)
        gaps.append([abs(v - 1), abs(diffusion - 0.05)])
    assert (np.log2(np.divide(*gaps)) > 0.9).all()


def test_truncation_error_falls_with_the_number_of_weights():
    spectrum, factors = field_spectrum(41, 3.0, 4.0), evolution_factors(41, -0.7, 0.12, 0.08)
    found = np.array([rates(best_shared(spectrum, factors, h), 41, 0.08) for h in (1, 2, 3)])
    assert found[0] == pytest.approx([-0.6689, 0.1094], abs=1e-4)
    gaps = abs(found - np.array([-0.7, 0.12]))
    assert (gaps[1] < 0.1 * gaps[0]).all()
    assert (gaps[2] < 0.1 * gaps[1]).all()


def test_a_layer_of_all_sites_is_exact():
    assert circulant(best_shared(SPECTRUM, FACTORS, N // 2), N) == pytest.approx(EXACT, abs=1e-10)


def test_smallest_solution_fits_and_ignores_what_it_has_not_seen():
    fields, labels = data(5, 0.1)
    layer = fit_dense(fields, labels)
    orthogonal = np.linalg.svd(fields)[2][5:]
    assert fields @ layer.T == pytest.approx(labels, abs=1e-10)
    assert orthogonal @ layer.T == pytest.approx(np.zeros((N - 5, N)), abs=1e-12)


def test_gradient_descent_from_zero_ends_there():
    fields, labels = data(5, 0.1)
    layer, rate = np.zeros((N, N)), 1.5 / np.linalg.norm(fields, 2) ** 2
    for _ in range(4000):
        layer -= rate * (fields @ layer.T - labels).T @ fields
    assert layer == pytest.approx(fit_dense(fields, labels), abs=1e-8)


def test_ridge_is_stationary_and_shrinks_to_the_smallest_solution():
    fields, labels = data(7, 0.1)
    layer = fit_dense(fields, labels, 0.3)
    assert (layer @ fields.T - labels.T) @ fields + 0.3 * layer == pytest.approx(np.zeros((N, N)), abs=1e-10)
    gaps = [abs(fit_dense(fields, labels, ridge) - fit_dense(fields, labels)).max() for ridge in (1e-4, 5e-5)]
    assert np.log2(gaps[0] / gaps[1]) == pytest.approx(1, abs=0.05)


def test_error_above_n_fields_does_not_depend_on_the_spectrum():
    squares = [held_out_error(fit_dense(*data(40, 0.1, seed))) ** 2 for seed in range(200)]
    assert np.mean(squares) == pytest.approx(0.01 * N / (40 - N - 1), rel=0.05)  # inverse Wishart matrix


@pytest.mark.bad_input
def test_bad_input():
    fields, labels = data(3, 0.1)
    for call in (lambda f, y: fit_shared(f, y, 1), lambda f, y: fit_local(f, y, 1), fit_dense):
        with pytest.raises(InvalidArgument, match="labels"):
            call(fields, labels[:2])
        for bad in (None, fields[0], fields * np.nan):
            with pytest.raises(InvalidArgument, match="fields"):
                call(bad, labels)
    for bad in (-1, N, 1.0, True):
        for call in (fit_shared, fit_local):
            with pytest.raises(InvalidArgument, match="half_width"):
                call(fields, labels, bad)
        with pytest.raises(InvalidArgument, match="half_width"):
            best_shared(SPECTRUM, FACTORS, bad)
    for bad in (-1.0, np.nan):
        with pytest.raises(InvalidArgument, match="ridge"):
            fit_dense(fields, labels, bad)
    with pytest.raises(InvalidArgument, match="spectrum|factors"):
        best_shared(SPECTRUM[1:], FACTORS, 1)
    with pytest.raises(InvalidArgument, match="factors"):
        best_shared(SPECTRUM, None, 1)
