"""The forward pass against closed forms, its order, and what it must conserve."""

import numpy as np
import pytest
from friction_cases import LINEAR, QUARTIC, damped, network, wavy
from hypothesis import given, settings
from hypothesis import strategies as st

from nnqg.errors import Diverged, InvalidArgument
from nnqg.networks_as_spacetime.friction.flow import final_state, propagate
from nnqg.networks_as_spacetime.friction.network import Particle
from nnqg.runge_kutta import TABLEAUX, advance

initial = np.array([[[1.5, -0.5], [-2.0, 1.0], [0.3, 2.5]]])


@settings(max_examples=20)
@given(st.floats(-1.5, 0.3), st.floats(-3, 3), st.floats(-3, 3))
def test_a_linear_force_with_constant_friction_has_its_closed_form(h, x0, v0):
    one = network(particle=LINEAR, layers=120)
    final = final_state(one, np.full((1, 241), h), np.array([[[x0, v0]]]))[0, :, 0, 0]
    assert final == pytest.approx(damped(x0, v0, h, 4.0), abs=1e-6)


@pytest.mark.parametrize(("scheme", "order", "layers"), [("euler", 1, 1000), ("rk4", 4, 100)])
def test_the_layers_have_their_order(scheme, order, layers):
    truth = final_state(network(2000), wavy(network(2000)), initial)
    coarse, fine = (final_state(network(n, scheme=scheme), wavy(network(n)), initial) - truth for n in (layers, 2 * layers))
    assert np.log2(np.abs(coarse).max() / np.abs(fine).max()) == pytest.approx(order, abs=0.15)


def test_one_euler_layer_is_the_residual_block_of_the_page():
    one = network(layers=1, duration=0.1, scheme="euler")
    x, v = initial[0].T
    expected = np.stack([x + 0.1 * v, v + 0.1 * (-0.3 * v - x - x**3 / 2)])
    assert final_state(one, np.full((1, 3), -0.3), initial)[0, :, 0] == pytest.approx(expected)


def test_without_friction_the_energy_is_conserved():
    one = network(layers=400)
    x, v = propagate(one, np.zeros((1, 801)), initial)[:, 0, :, 0].swapaxes(0, 1)
    energy = v**2 / 2 - np.polynomial.Polynomial(QUARTIC.potential)(x)
    assert np.abs(energy / energy[0] - 1).max() < 1e-7


def test_friction_shrinks_areas_by_its_integral():
    one = network(layers=400)
    final = final_state(one, wavy(one), initial, tangents=2)[:, :, 0]
    determinant = final[2, 0] * final[1, 1] - final[1, 0] * final[2, 1]
    assert determinant == pytest.approx(np.exp(np.trapezoid(wavy(one)[0], one.times)), rel=1e-5)


def test_tangents_are_derivatives_by_the_initial_data():
    one, step = network(), 1e-6
    tangents = final_state(one, wavy(one), initial, tangents=2)[1:]
    for tangent, shift in zip(tangents, ([0.0, step], [step, 0.0]), strict=True):
        numeric = (final_state(one, wavy(one), initial + shift) - final_state(one, wavy(one), initial - shift))[0] / (2 * step)
        assert tangent == pytest.approx(numeric, abs=1e-7)


def test_fits_of_a_batch_do_not_see_each_other():
    one, both = network(), np.concatenate([initial, initial[:, ::-1] + 0.1])
    batch = final_state(one, wavy(one, 2), both, tangents=1)
    for fit in range(2):
        alone = final_state(one, wavy(one, 2)[fit : fit + 1], both[fit : fit + 1], tangents=1)
        assert np.array_equal(batch[:, :, fit], alone[:, :, 0])
    assert np.array_equal(propagate(one, wavy(one, 2), both, tangents=1)[-1], batch)


@pytest.mark.parametrize("scheme", TABLEAUX)
def test_the_compiled_layers_are_runge_kutta_steps_of_the_equation_of_motion(scheme):
    one = network(layers=20, duration=1.0, particle=Particle((0.0, 0.3, -0.5, 0.0, -0.125), mass=2.0), scheme=scheme)
    h = wavy(one)[0]

    def rates(t, state):
        x, v = state[:, 0], state[:, 1]
        friction, curvature = h[round(2 * t / one.step)], -1 - 1.5 * x[0] ** 2
        force = np.stack([0.3 - x[0] - x[0] ** 3 / 2, curvature * x[1], curvature * x[2]])
        return np.stack([v, (friction * v + force) / 2], axis=1)

    state = np.zeros((3, 2, 3))  # pair, (x, v), data
    state[0], state[1, 1], state[2, 0] = initial[0].T, 1.0, 1.0
    for layer in range(one.layers):
        state = advance(rates, layer * one.step, state, one.step, TABLEAUX[scheme])
    assert final_state(one, h[None], initial, tangents=2)[:, :, 0] == pytest.approx(state, rel=1e-13, abs=1e-14)


def test_a_particle_that_overflows_leaves_the_others_alone():
    one, many = network(particle=Particle((0.0, 0.0, 0.0, 0.0, 5.0))), np.full((1, 70, 2), 0.01)
    many[0, [3, 40]] = 50.0
    final = final_state(one, wavy(one), many, tangents=2, allow_divergence=True)
    others = np.delete(np.arange(70), [3, 40])
    assert not np.isfinite(final[0, 0, 0, [3, 40]]).any()
    assert np.array_equal(final[..., others], np.broadcast_to(final[..., :1], final[..., others].shape))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("name", "friction", "data", "tangents"),
    [
        ("friction", np.zeros((1, 120)), initial, 0),
        ("friction", np.full((1, 121), np.nan), initial, 0),
        ("friction", np.zeros((1, 121), dtype=int), initial, 0),
        ("friction", [[0.0]], initial, 0),
        ("initial", np.zeros((1, 121)), np.zeros((1, 0, 2)), 0),
        ("initial", np.zeros((1, 121)), np.zeros((1, 3)), 0),
        ("initial", np.zeros((3, 121)), np.zeros((2, 4, 2)), 0),
        ("tangents", np.zeros((1, 121)), initial, 3),
    ],
)
def test_bad_input_is_refused(name, friction, data, tangents):
    with pytest.raises(InvalidArgument, match=name):
        propagate(network(), friction, data, tangents=tangents)


@pytest.mark.bad_input
def test_an_overflow_is_an_error_unless_it_is_asked_for():
    with pytest.raises(Diverged, match="friction network"):
        final_state(network(), np.full((1, 121), 500.0), initial)
    kept = final_state(network(), np.full((1, 121), 500.0), initial, allow_divergence=True)
    assert not np.isfinite(kept).all()
