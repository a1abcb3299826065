"""The energy is the discretised action, and the metric is its weights."""

import numpy as np
import pytest
from scipy.integrate import quad
from stacks import black_brane, brane, rings

from nnqg.errors import Diverged, InvalidArgument
from nnqg.quantum_gravity.dictionary.layered_stack import LayeredStack, bulk_stack
from nnqg.quantum_gravity.dictionary.metrics import ads_schwarzschild, anti_de_sitter


def smooth(eta):
    """A field that vanishes at the horizon, so that its frequency costs a finite action there."""
    return np.sin(1.3 * eta) + 0.2 * eta**2


def action():
    """The continuum action of `smooth` with every term, from the horizon to 1."""

    def density(eta):
        at = brane(np.array([eta]))
        volume = np.sqrt(at.f * at.g**3)[0]
        slope = 1.3 * np.cos(1.3 * eta) + 0.4 * eta
        mass2 = 4.0 / at.g[0] + 0.25 / at.f[0] - 3
        return volume * (slope**2 / 2 + mass2 * smooth(eta) ** 2 / 2 + smooth(eta) ** 4 / 2)

    return quad(density, 1e-9, 1.0)[0]


def test_energy_tends_to_the_action_with_order_two():
    exact, errors = action(), []
    for layers in (50, 100, 200):
        stack = black_brane(layers, lam=2.0, momentum=2.0, frequency=0.5)
        errors.append(abs(float(stack.energy(smooth(stack.eta))) - exact))
    assert errors[-1] < 1e-3 * abs(exact)
    np.testing.assert_allclose(np.log2(np.divide(errors[:-1], errors[1:])), 2, atol=0.1)


def test_weights_are_the_metric():
    stack = bulk_stack(lambda eta: anti_de_sitter(eta, 3), 3, 1.0, 4, m2=2.0, lam=0.5, momentum=3.0, frequency=1.0, eta_fin=-1.0)
    step = 2.0 / 4.5
    np.testing.assert_allclose(stack.eta, 1.0 - step * np.arange(5))
    assert stack.eta[-1] - step / 2 == pytest.approx(-1.0)
    np.testing.assert_allclose(stack.links, np.exp(3 * (stack.eta[:-1] - step / 2)) / step)
    cells = step * np.exp(3 * stack.eta) * np.array([0.5, 1, 1, 1, 1])
    np.testing.assert_allclose(stack.quadratic, cells * (10 * np.exp(-2 * stack.eta) + 2))
    np.testing.assert_allclose(stack.quartic, 0.5 * cells)
    assert stack.step == pytest.approx(step)


def test_the_next_link_would_vanish_at_the_horizon():
    stack = black_brane(8)
    edge = stack.eta[-1] - stack.step / 2
    assert abs(edge) < 1e-15
    assert ads_schwarzschild(np.array([1e-12]), 4).f[0] < 1e-20


def test_slope_is_the_derivative():
    stack, rng = black_brane(5, momentum=1.0), np.random.default_rng(1)
    phi = rng.standard_normal((3, 6))
    for k in range(6):
        move = np.zeros(6)
        move[k] = 1e-5
        numeric = (stack.energy(phi + move) - stack.energy(phi - move)) / 2e-5
        np.testing.assert_allclose(stack.slope(phi)[:, k], numeric, rtol=1e-6, atol=1e-6)


def test_energy_is_even():
    stack, phi = black_brane(5), np.random.default_rng(2).standard_normal((4, 6))
    np.testing.assert_allclose(stack.energy(phi), stack.energy(-phi), rtol=1e-14)


def test_energy_by_hand():
    """Kinetic 0.8 / 0.6 + 0.5 / 0.6 * 4, potential 0.3 (0 / 2 + 0.7 (1 + 1/4) + 0.4 (1 + 1/4))."""
    stack = LayeredStack(np.arange(3.0)[::-1], np.array([0.8, 0.5]) / 0.3, 0.6 * np.array([0.5, 0.7, 0.4]), 0.3 * np.array([0.5, 0.7, 0.4]))
    assert float(stack.energy(np.array([0.0, 1.0, -1.0]))) == pytest.approx(2.8 / 0.6 + 0.3 * 1.1 * 1.25, rel=1e-12)


def test_precision_is_the_matrix_of_the_quadratic_energy():
    stack = black_brane(6, lam=0.0, momentum=2.0)
    phi = np.random.default_rng(1).standard_normal((5, 7))
    np.testing.assert_allclose(stack.energy(phi), np.einsum("nk,kl,nl->n", phi, stack.precision, phi) / 2, rtol=1e-12)


def test_hessian_is_the_derivative_of_the_slope():
    stack, phi = black_brane(5), np.random.default_rng(3).standard_normal(6)
    moves = 1e-5 * np.eye(6)[1:]
    numeric = (stack.slope(phi + moves) - stack.slope(phi - moves))[:, 1:] / 2e-5
    np.testing.assert_allclose(stack.hessian(phi), numeric, rtol=1e-6, atol=1e-6)


def test_the_flux_is_conserved_without_potential():
    stack = LayeredStack(np.array([2.0, 1.0, 0.0]), np.array([2.0, 1.0]), np.zeros(3), np.zeros(3))
    fields, output = stack.roll_out(1.0, 0.5)
    np.testing.assert_allclose(fields, [1.0, 0.75, 0.25])
    assert output == 0.5


def test_a_batch_is_its_members():
    widths = np.array([[9.0, 5.0, 2.0], [9.0, 8.0, 6.0]])
    batch, flux = rings(widths, 0.2, 1.0, 0.5), np.array([0.3, 0.4])
    phi = np.random.default_rng(4).standard_normal((2, 3))
    fields, output = batch.roll_out(0.7, flux)
    for k, row in enumerate(widths):
        one = rings(row, 0.2, 1.0, 0.5)
        for name in ("energy", "slope", "hessian"):
            np.testing.assert_allclose(getattr(batch, name)(phi)[k], getattr(one, name)(phi[k]), rtol=1e-14)
        np.testing.assert_allclose(fields[k], one.roll_out(0.7, flux[k])[0], rtol=1e-14)
        np.testing.assert_allclose(output[k], one.roll_out(0.7, flux[k])[1], rtol=1e-14)


def three(**changed):
    parts = {"eta": np.array([1.0, 0.5]), "links": np.array([2.0]), "quadratic": np.zeros(2), "quartic": np.zeros(2)}
    return LayeredStack(**(parts | changed))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: three(links=np.array([-1.0])), "links: expected positive"),
        (lambda: three(links=np.array([1.0, 1.0])), "links: expected"),
        (lambda: three(quartic=np.array([0.0, -1.0])), "quartic: expected"),
        (lambda: three(quadratic=np.array([0.0, np.nan])), "quadratic: expected"),
        (lambda: three(eta=np.array([1.0, 0.5, 0.0])), "quadratic: expected"),
        (lambda: black_brane(0), "layers: expected"),
        (lambda: black_brane(lam=-1.0), "lam: expected"),
        (lambda: black_brane(momentum=np.inf), "momentum: expected"),
        (lambda: black_brane(eta_ini=0.0), "eta_fin: expected"),
        (lambda: three().energy(np.zeros(3)), "phi: expected 2 layers"),
        (lambda: three().roll_out(np.nan, 1.0), "source: expected"),
        (lambda: three().roll_out(1.0, np.inf), "flux: expected"),
        (lambda: three().slope(np.array([1.0, np.nan])), "phi: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


@pytest.mark.bad_input
def test_a_field_that_overflows_is_an_error():
    with pytest.raises(Diverged, match="the forward network"):
        black_brane(30).roll_out(1e200, 0.0)
