"""The state of lowest energy is a forward network, and one determinant is what it misses at first order."""

import numpy as np
import pytest
from scipy.optimize import minimize
from stacks import black_brane, two_layers

from nnqg.discussion.deep_boltzmann.depth_quadrature import clamp
from nnqg.discussion.deep_boltzmann.saddle_point import classical_profile, one_loop, roll_out
from nnqg.errors import Diverged, InvalidArgument
from nnqg.quantum_gravity.dictionary.bulk_energy import BulkStack, energy, energy_slope
from nnqg.quantum_gravity.dictionary.gaussian_layers import layer_recursion, precision_matrix


@pytest.mark.parametrize("source", [-0.3, 1.5, 20.0])
def test_profile_solves_the_field_equation(source):
    stack = black_brane(12)
    profile = classical_profile(stack, source)
    assert profile[0] == source
    scale = stack.links.max() * abs(source)
    assert abs(energy_slope(stack, profile)[1:]).max() < 1e-11 * scale


def test_profile_is_the_minimum_that_scipy_finds():
    stack = black_brane(5)
    found = minimize(
        lambda hidden: float(energy(stack, np.append(1.5, hidden))),
        np.ones(5),
        jac=lambda hidden: energy_slope(stack, np.append(1.5, hidden))[1:],
        tol=1e-12,
    )
    np.testing.assert_allclose(classical_profile(stack, 1.5)[1:], found.x, atol=1e-6)


@pytest.mark.parametrize("source", [0.2, 1.5])
def test_profile_is_the_forward_network(source):
    stack = black_brane(16)
    profile = classical_profile(stack, source)
    rolled, output = roll_out(stack, source, stack.links[0] * (profile[0] - profile[1]))
    np.testing.assert_allclose(rolled, profile, atol=1e-11)
    assert abs(output) < 1e-10


def test_free_response_is_the_recursion():
    stack = black_brane(10, lam=0.0)
    flux = layer_recursion(stack)[0] - stack.quadratic[0]
    assert abs(roll_out(stack, 1.0, flux)[1]) < 1e-10
    assert energy(stack, classical_profile(stack, 1.0)) == pytest.approx(layer_recursion(stack)[0] / 2, rel=1e-11)


def test_the_other_half_of_the_network_is_the_conserved_flux():
    """Without potential every layer passes the same flux."""
    stack = BulkStack(np.array([2.0, 1.0, 0.0]), np.array([2.0, 1.0]), np.zeros(3), np.zeros(3))
    profile, output = roll_out(stack, 1.0, 0.5)
    np.testing.assert_allclose(profile, [1.0, 0.75, 0.25])
    assert output == 0.5


def test_loop_expansion_has_its_orders():
    stack, hbars = black_brane(6), (0.1, 0.05, 0.025)
    loop = one_loop(stack, 1.5)
    exact = [clamp(stack, 1.5, hbar) for hbar in hbars]
    off = [found.moment(1) - loop.profile[1:] for found in exact]
    tree = [abs(value).max() for value in off]
    corrected = [abs(value - hbar * loop.shift[1:]).max() for value, hbar in zip(off, hbars, strict=True)]
    action = [abs(found.log_z - loop.log_z(hbar)) for found, hbar in zip(exact, hbars, strict=True)]
    for values, order in ((tree, 1), (corrected, 2), (action, 1)):
        np.testing.assert_allclose(np.log2(np.divide(values[:-1], values[1:])), order, atol=0.1)


def test_one_loop_is_exact_for_a_free_machine():
    stack = black_brane(7, lam=0.0)
    loop = one_loop(stack, 1.1)
    assert loop.log_z(0.3) == pytest.approx(clamp(stack, 1.1, 0.3).log_z, rel=1e-11)
    assert abs(loop.shift).max() == 0
    assert loop.half_log_det == pytest.approx(np.linalg.slogdet(precision_matrix(stack)[1:, 1:])[1] / 2)


def test_a_machine_that_does_not_exist():
    with pytest.raises(Diverged):
        classical_profile(black_brane(8, m2=-30.0), 1.0)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: roll_out(two_layers(), np.nan, 1.0), "phi: expected"),
        (lambda: roll_out(two_layers(), 1.0, np.inf), "flux: expected"),
        (lambda: classical_profile(two_layers(), np.nan), "source: expected"),
        (lambda: one_loop(two_layers(), 1.0).log_z(0.0), "hbar: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


@pytest.mark.bad_input
def test_a_field_that_overflows_is_an_error():
    with pytest.raises(Diverged, match="the forward network"):
        roll_out(black_brane(30), 1e200, 0.0)
