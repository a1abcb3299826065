"""The compiled objective against torch and against its symmetries."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nnqg.emergent_spacetime.bulk_network import BulkNetwork, RadialGrid
from nnqg.emergent_spacetime.magnetisation import _kernels
from nnqg.emergent_spacetime.magnetisation._kernels import FLAT
from nnqg.emergent_spacetime.magnetisation.objective import BOUNDARY_MAPS, Objective, evaluate
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import boundary_powers

RNG = np.random.default_rng(4)
POINTS = np.stack([RNG.uniform(0, 6, 400), RNG.uniform(0, 2, 400), RNG.integers(0, 2, 400).astype(float)])


def random_weights(seed, objective):
    rng = np.random.default_rng(seed)
    extra = rng.normal(0.0, 0.3, BOUNDARY_MAPS[objective.boundary])
    return np.concatenate([rng.normal(3.0, 1.5, objective.layers), [rng.uniform(-2.2, 8), rng.normal(0.0, 0.3)], extra])


def by_torch(weights, objective):
    """The objective with nothing but autograd and the book's own bulk network."""
    w = torch.tensor(weights, requires_grad=True)
    n, half = objective.layers, objective.dimension / 2
    if objective.boundary == "falloffs":
        nu = torch.sqrt(half**2 + w[n])
        matrix = torch.stack([w[n + 2 :], torch.stack([-(half - nu) * w[n + 2], -(half + nu) * w[n + 3]])])
    else:
        matrix = w[n + 2 :].reshape(2, 2)
    phi, pi_ = matrix @ torch.tensor(POINTS[:2])
    for k in range(n):
        force = w[n] * phi + w[n + 1] * phi**3
        phi, pi_ = phi + objective.step * pi_, pi_ - objective.step * (w[k] * pi_ - force)
    sigma, width = objective.steepness, objective.half_width
    output = 0.5 * (torch.tanh(sigma * (pi_ - width)) - torch.tanh(sigma * (pi_ + width)) + 2)
    flat = (pi_.abs() - width).abs() > FLAT / sigma  # there the compiled loops have no slope
    output = torch.where(flat, output.detach(), output)
    rough = (torch.diff(w[:n]) ** 2 * torch.tensor(objective.smooth)).sum()
    total = (output - torch.tensor(POINTS[2])).abs().mean() ** 2 + rough
    total.backward()
    return float(total.detach()), w.grad.numpy()


def boundary_matrix(boundary, m2, extra, dimension=4):
    """The matrix from (H, M) to (phi, pi) that the compiled loops use."""
    matrix = np.empty((2, 2))
    _kernels.boundary_matrix(_kernels.KINDS[boundary], float(dimension), m2, extra, matrix)
    return matrix


def test_falloffs_are_solutions_of_the_free_equation_in_ads():
    m2, dimension, a, b = 1.7, 4, 0.6, -0.2
    small, large = boundary_powers(m2, dimension)
    matrix = boundary_matrix("falloffs", m2, np.array([a, b]), dimension)

    def phi(eta, field, moment):
        return a * field * np.exp(-small * (eta - 1)) + b * moment * np.exp(-large * (eta - 1))

    step, (field, moment) = 1e-4, (2.0, 0.7)
    middle, right, left = (phi(1 + shift, field, moment) for shift in (0.0, step, -step))
    assert matrix @ [field, moment] == pytest.approx([middle, (right - left) / (2 * step)], rel=1e-7)
    second = (right - 2 * middle + left) / step**2
    assert second + dimension * (right - left) / (2 * step) == pytest.approx(m2 * middle, rel=1e-5)


def test_the_linear_map_is_the_matrix():
    assert boundary_matrix("linear", 99.0, np.arange(4.0)).tolist() == [[0.0, 1.0], [2.0, 3.0]]
    assert BOUNDARY_MAPS == {"falloffs": 2, "linear": 4}


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), boundary=st.sampled_from(["falloffs", "linear"]), width=st.sampled_from([0.1, 0.5, 2.0]))
def test_value_and_gradient_equal_those_of_torch(seed, boundary, width):
    objective = Objective(boundary, half_width=width, steepness=5 / width, dimension=3, layers=7)
    weights = random_weights(seed, objective)
    total, gradient = by_torch(weights, objective)
    ours = evaluate(weights, POINTS, objective)
    assert ours.total == pytest.approx(total, abs=1e-8)
    assert ours.gradient == pytest.approx(gradient, rel=1e-5, abs=1e-7 * np.abs(gradient).max() + 1e-12)


def test_the_layers_are_those_of_the_bulk_network():
    objective = Objective("linear", half_width=0.3)
    weights = random_weights(1, objective)
    network = BulkNetwork(torch.tensor(weights[:10]), RadialGrid(1.0, 0.1, 10), m2=float(weights[10]), lam=float(weights[11]))
    _, pi_ = network(*(torch.from_numpy(weights[12:].reshape(2, 2) @ POINTS[:2])))
    outside = (pi_.abs() > 0.3).numpy()
    assert evaluate(weights, POINTS, objective).misfit == pytest.approx((outside != (POINTS[2] > 0.5)).mean(), abs=0.01)


@given(scale=st.floats(0.3, 3.0), seed=st.integers(0, 1000), boundary=st.sampled_from(["falloffs", "linear"]))
@settings(max_examples=20)
def test_rescaling_the_field_with_its_window_changes_nothing(scale, seed, boundary):
    before = Objective(boundary)
    after = Objective(boundary, half_width=0.1 * scale, steepness=100 / scale)
    weights = random_weights(seed, before)
    scaled = weights.copy()
    scaled[12:] *= scale
    scaled[11] /= scale**2
    assert evaluate(scaled, POINTS, after).misfit == pytest.approx(evaluate(weights, POINTS, before).misfit, abs=1e-9)


@given(scale=st.floats(0.3, 3.0), seed=st.integers(0, 1000))
@settings(max_examples=20)
def test_stretching_the_depth_changes_the_mass_and_nothing_else(scale, seed):
    before = Objective("linear")
    after = Objective("linear", eta_ini=scale, eta_fin=0.1 * scale, half_width=0.1 / scale, steepness=100 * scale)
    weights = random_weights(seed, before)
    scaled = weights.copy()
    scaled[:10] /= scale  # h in units of 1/L
    scaled[10:12] /= scale**2  # m^2 and lambda
    scaled[14:] /= scale  # pi = dphi/deta
    assert evaluate(scaled, POINTS, after).misfit == pytest.approx(evaluate(weights, POINTS, before).misfit, abs=1e-9)


def test_a_runaway_counts_as_rejected_and_has_no_gradient():
    weights = np.concatenate([np.full(10, 4.0), [5.0, 1e8, 5.0, 5.0]])
    result = evaluate(weights, np.array([[1.0], [1.0], [1.0]]))
    assert result.misfit == 0.0
    assert (result.gradient == 0.0).all()


def test_properties():
    objective = Objective(penalty=0.01)
    assert objective.step == pytest.approx(-0.09)
    assert objective.size == 14
    assert objective.smooth == pytest.approx(0.01 * objective.depths[:-1] ** 4)
    assert objective.lowest_m2 == pytest.approx(-4, abs=0.02)
    assert Objective("linear").lowest_m2 == -np.inf


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "options",
    [{"boundary": "no"}, {"penalty": -1.0}, {"layers": 1}, {"eta_fin": 0.0}, {"eta_ini": 0.05}, {"dimension": 1}, {"half_width": np.inf}],
)
def test_objective_refuses(options):
    with pytest.raises(InvalidArgument):
        Objective(**options)


@pytest.mark.bad_input
def test_evaluate_refuses():
    weights = random_weights(2, Objective())
    for bad in (weights[:-1], np.append(weights[:-1], np.nan), np.where(np.arange(14) == 10, -5.0, weights)):
        with pytest.raises(InvalidArgument):
            evaluate(bad, POINTS)
    with pytest.raises(InvalidArgument):
        evaluate(weights, POINTS[:2])
    with pytest.raises(InvalidArgument, match="labels"):
        evaluate(weights, POINTS + 0.5)
