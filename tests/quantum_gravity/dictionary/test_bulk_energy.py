"""The energy is the discretised action, and the metric is its weights."""

import numpy as np
import pytest
from scipy.integrate import quad
from stacks import black_brane, brane

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.bulk_energy import BulkStack, bulk_stack, energy, energy_slope
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
        errors.append(abs(float(energy(stack, smooth(stack.eta))) - exact))
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
        numeric = (energy(stack, phi + move) - energy(stack, phi - move)) / 2e-5
        np.testing.assert_allclose(energy_slope(stack, phi)[:, k], numeric, rtol=1e-6, atol=1e-6)


def test_energy_is_even():
    stack, phi = black_brane(5), np.random.default_rng(2).standard_normal((4, 6))
    np.testing.assert_allclose(energy(stack, phi), energy(stack, -phi), rtol=1e-14)


def three(**changed):
    parts = {"eta": np.array([1.0, 0.5]), "links": np.array([2.0]), "quadratic": np.zeros(2), "quartic": np.zeros(2)}
    return BulkStack(**(parts | changed))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: three(links=np.array([-1.0])), "links: expected positive"),
        (lambda: three(links=np.array([1.0, 1.0])), "links: expected"),
        (lambda: three(quartic=np.array([0.0, -1.0])), "quartic: expected"),
        (lambda: three(quadratic=np.array([0.0, np.nan])), "quadratic: expected"),
        (lambda: black_brane(0), "layers: expected"),
        (lambda: black_brane(lam=-1.0), "lam: expected"),
        (lambda: black_brane(momentum=np.inf), "momentum: expected"),
        (lambda: black_brane(eta_ini=0.0), "eta_fin: expected"),
        (lambda: energy(three(), np.zeros(3)), "phi: expected 2 layers"),
        (lambda: energy_slope(three(), np.array([1.0, np.nan])), "phi: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
