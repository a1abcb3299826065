"""The chain of integrals is exact: free machines, two layers by adaptive quadrature, three by a grid."""

import numpy as np
import pytest
from scipy.integrate import quad
from stacks import black_brane, two_layers

from nnqg.discussion.deep_boltzmann.depth_quadrature import clamp
from nnqg.errors import Diverged, InvalidArgument
from nnqg.quantum_gravity.dictionary.gaussian_layers import layer_recursion


@pytest.mark.parametrize("hbar", [1.0, 0.03])
def test_free_machine(hbar):
    stack = black_brane(9, lam=0.0, momentum=1.0)
    found, matrix = clamp(stack, 0.7, hbar), stack.precision
    covariance = np.linalg.inv(matrix[1:, 1:])
    log_det = np.linalg.slogdet(matrix[1:, 1:] / (2 * np.pi * hbar))[1]
    assert found.log_z == pytest.approx(-0.49 * layer_recursion(stack)[0] / (2 * hbar) - log_det / 2, rel=1e-11)
    mean, variance, third, fourth = found.cumulants()
    np.testing.assert_allclose(mean, -0.7 * covariance @ matrix[1:, 0], rtol=1e-10)
    np.testing.assert_allclose(variance, hbar * np.diag(covariance), rtol=1e-10)
    assert abs(third).max() < 1e-10
    assert abs(fourth).max() < 1e-10


@pytest.mark.parametrize("hbar", [1.0, 0.2])
def test_one_hidden_layer_is_an_ordinary_integral(hbar):
    stack = two_layers(quartic=3.0)

    def weight(phi, power=0):
        return phi**power * np.exp(-float(stack.energy(np.array([1.4, phi]))) / hbar)

    moments = [quad(weight, -8, 8, args=(power,), epsabs=1e-13)[0] for power in range(3)]
    found = clamp(stack, 1.4, hbar)
    assert found.log_z == pytest.approx(np.log(moments[0]), abs=1e-10)
    assert found.moment(1)[0] == pytest.approx(moments[1] / moments[0], abs=1e-10)
    assert found.moment(2)[0] == pytest.approx(moments[2] / moments[0], abs=1e-10)


def test_two_hidden_layers_are_a_plane():
    stack = black_brane(2)
    axis = np.linspace(-6, 6, 601)
    first, second = np.meshgrid(axis, axis, indexing="ij")
    plane = np.exp(-stack.energy(np.stack([np.full_like(first, 0.8), first, second], axis=-1)))
    found = clamp(stack, 0.8)
    assert found.log_z == pytest.approx(np.log(plane.sum() * 0.02**2), abs=1e-9)
    np.testing.assert_allclose(found.moment(1), [(plane * part).sum() / plane.sum() for part in (first, second)], atol=1e-9)


def test_quadrature_converges_exponentially():
    stack = black_brane(8)
    fine = clamp(stack, 1.0, points=801).log_z
    coarse, medium = (abs(clamp(stack, 1.0, points=points).log_z - fine) for points in (33, 44))
    assert coarse > 1e-8
    assert medium < coarse / 100  # a power would need order 16
    assert abs(clamp(stack, 1.0, points=81).log_z - fine) < 1e-11


def test_densities_are_normalised_and_the_source_flips_the_sign():
    plus, minus = clamp(black_brane(6), 1.2), clamp(black_brane(6), -1.2)
    np.testing.assert_allclose(plus.density.sum(1) * np.diff(plus.points[:, :2])[:, 0], 1, rtol=1e-11)
    np.testing.assert_allclose(plus.moment(1), -minus.moment(1), rtol=1e-9)
    assert plus.log_z == pytest.approx(minus.log_z, abs=1e-11)


def test_the_first_layer_generates_the_source_derivatives():
    """d log Z / dJ = -(a_0 (J - <phi_1>) + V_0')."""
    stack, j = black_brane(6), 0.9
    numeric = (clamp(stack, j + 1e-4).log_z - clamp(stack, j - 1e-4).log_z) / 2e-4
    force = stack.links[0] * (j - clamp(stack, j).moment(1)[0]) + stack.quadratic[0] * j + stack.quartic[0] * j**3
    assert numeric == pytest.approx(-force, rel=1e-6)


def test_interaction_makes_variances_smaller():
    free, interacting = (clamp(black_brane(8, lam=lam), 0.0).cumulants()[1] for lam in (0.0, 4.0))
    assert (interacting < free).all()


def test_a_machine_that_does_not_exist():
    with pytest.raises(Diverged, match="layer"):
        clamp(black_brane(8, m2=-30.0), 1.0)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: clamp(two_layers(), np.nan), "source: expected"),
        (lambda: clamp(two_layers(), 1.0, hbar=0.0), "hbar: expected"),
        (lambda: clamp(two_layers(), 1.0, points=5), "points: expected at least"),
        (lambda: clamp(black_brane(100), 1.0, points=81), "points: expected at least"),
        (lambda: clamp(two_layers(), 1.0).moment(0), "power: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
