"""Kernels against quadrature, and finite layers against networks with all of their weights."""

import numpy as np
import pytest
from scipy.special import erf

from nnqg.errors import InvalidArgument
from nnqg.quantum_mechanics.wide_networks.deep_kernels import erf_kernel, relu_kernel, sample_layer

K = np.array([[1.3, -0.4], [-0.4, 0.8]])


def relu(z):
    return np.maximum(z, 0)


def by_quadrature(K, phi, variance):
    u, weight = np.polynomial.hermite_e.hermegauss(200)
    z = np.stack(np.meshgrid(u, u, indexing="ij"), -1) @ np.linalg.cholesky(K).T
    return variance * np.einsum("i,j,ija,ijb->ab", weight, weight, phi(z), phi(z)) / (2 * np.pi)


@pytest.mark.parametrize(("kernel", "phi", "variance", "tolerance"), [(relu_kernel, relu, 2.0, 3e-3), (erf_kernel, erf, 1.5, 1e-8)])
def test_kernels_by_quadrature(kernel, phi, variance, tolerance):
    np.testing.assert_allclose(kernel(K, variance), by_quadrature(K, phi, variance), atol=tolerance)


def test_relu_keeps_the_length_at_two():
    np.testing.assert_allclose(np.diagonal(relu_kernel(K)), np.diagonal(K), atol=1e-14)
    assert relu_kernel(np.zeros((1, 1))) == 0


def test_layers_repeat_the_known_numbers():
    relu_12, erf_11, A, B = [], [], np.array([[1.0, 0.5], [0.5, 1.0]]), np.ones((1, 1))
    for _ in range(3):
        A, B = relu_kernel(A), erf_kernel(B)
        relu_12.append(A[0, 1]), erf_11.append(B[0, 0])
    np.testing.assert_allclose(relu_12, [0.60900, 0.68391, 0.73813], atol=1e-5)
    np.testing.assert_allclose(erf_11, [0.69684, 0.59346, 0.54784], atol=1e-5)


def test_two_layers_are_those_of_a_network_with_all_its_weights():
    rng, n, networks = np.random.default_rng(1), 6, 40_000
    G = np.broadcast_to(K, (networks, 2, 2)).copy()
    for _ in range(2):
        G = sample_layer(G, np.tanh, n, 1.2, rng)
    z = rng.standard_normal((networks, n, 2)) @ np.linalg.cholesky(K).T
    h = np.tanh(z)
    h = np.tanh(rng.normal(0, (1.2 / n) ** 0.5, (networks, n, n)) @ h)
    full = 1.2 / n * h.transpose(0, 2, 1) @ h
    for moment in (1, 2):
        difference, spread = (G**moment).mean(0) - (full**moment).mean(0), (full**moment).std(0) * (2 / networks) ** 0.5
        assert (abs(difference) < 4 * spread).all()


def test_fluctuation_of_rectified_layers():
    """<G^2> = (1 + 5/n)^l <G>^2, exactly."""
    rng, G = np.random.default_rng(2), np.ones((100_000, 1, 1))
    for layer in (1, 2, 3):
        G = sample_layer(G, relu, 10, 2.0, rng)
        error = (G**2).std() / len(G) ** 0.5
        assert abs((G**2).mean() - 1.5**layer) < 4 * error


def test_dead_layers_stay_dead():
    G = sample_layer(np.zeros((3, 2, 2)), relu, 4, 2.0, np.random.default_rng(0))
    assert (G == 0).all()


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: relu_kernel(np.array([[1.0, 2.0], [2.0, 1.0]])), "covariance: expected no negative eigenvalue"),
        (lambda rng: relu_kernel(K, 0.0), "weight_variance: expected a number above 0"),
        (lambda rng: sample_layer(-np.ones((1, 1, 1)), np.tanh, 4, 1.0, rng), "covariance: expected"),
        (lambda rng: sample_layer(np.ones((1, 1, 1)), np.tanh, 0, 1.0, rng), "width: expected"),
    ],
)
def test_bad_covariances(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call(np.random.default_rng(0))
