"""Training the ensemble: it recovers known metrics, members do not interact, gradients are right, bad input is refused."""

import numpy as np
import pytest
import torch

from nnqg.emergent_spacetime.black_hole import training
from nnqg.emergent_spacetime.black_hole.labels import LabelledPoints, horizon_value, labelled_points, stack
from nnqg.emergent_spacetime.black_hole.training import Objective, random_start, train_ensemble
from nnqg.emergent_spacetime.bulk_network import BulkNetwork, RadialGrid
from nnqg.emergent_spacetime.window import window
from nnqg.errors import Diverged, InvalidArgument
from nnqg.quantum_gravity.dictionary import metrics

OBJECTIVE = Objective(RadialGrid(1.0, 0.1, 10))
TRUE = metrics.ads_schwarzschild(OBJECTIVE.depths, 3).h


def some_points(count=200, seed=0):
    return labelled_points(np.random.default_rng(seed), OBJECTIVE.network(TRUE), "momentum", accepted=count, rejected=count)


def slow(objective, h, points, opening=0.0):
    """E of each member, in torch."""
    network = BulkNetwork(h, objective.grid, objective.m2, objective.lam, objective.order)
    value = horizon_value(network, *network.propagate(points.phi, points.pi_), objective.condition)
    misfit = (window(value, objective.half_width, objective.steepness, opening) - points.label).abs().mean(-1)
    rise = h.diff(dim=-1) ** 2 * torch.from_numpy(objective.depths[:-1] ** objective.power)
    return misfit**2 + objective.penalty * rise.sum(-1)


def test_the_default_objective_is_the_published_one():
    """Written out by hand: m2 = -1, lambda = 1, ten Euler layers, F = pi, half-width 0.1, steepness 100, c_reg 0.003 and eta^4."""
    points, h = some_points(50), TRUE + 0.3
    phi, pi_, misfit = points.phi.numpy(), points.pi_.numpy(), 0.0
    for h_n in h:
        phi, pi_ = phi - 0.09 * pi_, pi_ + 0.09 * (h_n * pi_ + phi - phi**3)
    output = 0.5 * (np.tanh(100 * (pi_ - 0.1)) - np.tanh(100 * (pi_ + 0.1)) + 2)
    misfit = np.abs(output - points.label.numpy()).mean()
    rough = sum((1 - 0.09 * n) ** 4 * (h[n + 1] - h[n]) ** 2 for n in range(9))
    assert OBJECTIVE.evaluate(h[None], points)[0][0] == pytest.approx(misfit**2 + 3e-3 * rough, rel=1e-6)


@pytest.mark.parametrize("opening", [0.0, 0.5])
@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("condition", ["momentum", "equation"])
def test_compiled_objective_and_gradient_are_those_of_autograd(order, condition, opening):
    objective = Objective(OBJECTIVE.grid, order=order, condition=condition, lam=0.7)
    points, rng = stack([some_points(150, seed) for seed in range(3)]), np.random.default_rng(0)
    h = torch.from_numpy(TRUE + 0.2 * rng.normal(size=(3, 10))).requires_grad_()
    value, gradient = objective.evaluate(h.detach().numpy(), points, opening)
    expected = slow(objective, h, points, opening)
    assert value == pytest.approx(expected.detach().numpy(), rel=1e-6, abs=1e-9)
    (by_torch,) = torch.autograd.grad(expected.sum(), h)
    scale = by_torch.abs().max().item()
    assert scale > 1e-4
    flat = 0.0 if opening else 3e-4  # the final window counts points as flat beyond seven widths of an edge
    np.testing.assert_allclose(gradient, by_torch.numpy(), rtol=1e-9, atol=(1e-12 + flat) * scale)


def test_gradient_against_finite_differences():
    points, h = stack([some_points(300)]), TRUE[None] + 0.1
    gradient = OBJECTIVE.evaluate(h, points)[1][0]
    for n in (0, 4, 9):
        shift = np.zeros((1, 10))
        shift[0, n] = 1e-6
        up, down = (OBJECTIVE.evaluate(h + sign * shift, points)[0][0] for sign in (1, -1))
        assert gradient[n] == pytest.approx((up - down) / 2e-6, rel=1e-3, abs=1e-8)


def test_network_that_says_the_same_of_all_has_a_quarter():
    points = stack([some_points(100)])
    far = Objective(OBJECTIVE.grid, half_width=1e6, penalty=0.0)
    assert far.evaluate(TRUE[None], points)[0][0] == pytest.approx(0.25)


def test_points_shared_by_all_are_those_of_each():
    points, h = some_points(50), TRUE + np.array([[0.1], [0.2]])
    shared, own = OBJECTIVE.evaluate(h, points), OBJECTIVE.evaluate(h, stack([points] * 2))
    np.testing.assert_array_equal(shared[0], own[0])
    np.testing.assert_array_equal(shared[1], own[1])


@pytest.mark.parametrize("order", [1, 2])
def test_ensemble_recovers_a_known_metric_near_the_boundary(order):
    objective = Objective(RadialGrid(1.0, 0.1, 5), order=order)
    true = metrics.ads_schwarzschild(objective.depths, 3).h
    truth = objective.network(true)
    points = stack([labelled_points(np.random.default_rng(seed), truth, "momentum") for seed in range(4)])
    start = random_start(np.random.default_rng(9), objective.depths, 4)
    trained = train_ensemble(start, points, objective, steps=(100, 100))
    assert trained.solved().all()
    assert np.median(np.abs(trained.h / true - 1), axis=0)[:3].max() < 0.1
    assert trained.objective.shape == (4, 200)
    assert (trained.total < 0.05 * trained.objective[:, 0]).all()


def test_members_do_not_interact():
    points, start = stack([some_points(100, seed) for seed in range(3)]), random_start(np.random.default_rng(0), OBJECTIVE.depths, 3)
    together = train_ensemble(start, points, OBJECTIVE, steps=(20, 30))
    alone = train_ensemble(start[1:2], LabelledPoints(points.phi[1], points.pi_[1], points.label[1]), OBJECTIVE, steps=(20, 30))
    np.testing.assert_allclose(together.h[1], alone.h[0], rtol=1e-9)


def test_the_same_start_gives_the_same_metric():
    points, start = some_points(100), random_start(np.random.default_rng(0), OBJECTIVE.depths, 2)
    before = start.copy()
    runs = [train_ensemble(start, points, OBJECTIVE, steps=(20, 20)).h for _ in range(2)]
    np.testing.assert_array_equal(*runs)
    np.testing.assert_array_equal(start, before)


def test_accuracy_counts_labels_and_overflows_as_rejected():
    points, true = some_points(50), TRUE[None]
    assert OBJECTIVE.accuracy(true, points).item() == 1.0
    assert OBJECTIVE.accuracy(1e100 * true, points).item() == 0.5


def test_a_member_that_diverges_is_an_error():
    start = np.full((1, 10), 1e60)
    with pytest.raises(Diverged, match="step"):
        train_ensemble(start, some_points(20), OBJECTIVE, steps=(5, 5))


def test_random_start_scatters_around_the_pole():
    start = random_start(np.random.default_rng(0), OBJECTIVE.depths, 4000)
    np.testing.assert_allclose(start.mean(axis=0), 1 / OBJECTIVE.depths, atol=0.07)
    np.testing.assert_allclose(start.std(axis=0), 1.0, atol=0.05)


def test_solved_needs_both():
    record = np.zeros((2, 1))
    ensemble = training.Ensemble(record, np.ones(1), record, np.array([1e-4, 0.25]), np.array([0.99, 0.99]), 1.0)
    assert ensemble.solved().tolist() == [True, False]
    assert ensemble.solved(accuracy=0.995).tolist() == [False, False]


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("m2", {"m2": np.nan}),
        ("lam", {"lam": "1"}),
        ("order", {"order": 4}),
        ("condition", {"condition": "F"}),
        ("penalty", {"penalty": -1.0}),
        ("power", {"power": -1.0}),
        ("half_width", {"half_width": 0.0}),
        ("steepness", {"steepness": np.inf}),
    ],
)
def test_bad_objectives_are_refused(name, arguments):
    with pytest.raises(InvalidArgument, match=name):
        Objective(OBJECTIVE.grid, **arguments)


@pytest.mark.bad_input
def test_grid_behind_the_horizon_is_refused():
    with pytest.raises(InvalidArgument, match="eta_fin"):
        Objective(RadialGrid(1.0, -0.1, 10))


@pytest.mark.bad_input
def test_bad_training_is_refused():
    points, start = some_points(20), random_start(np.random.default_rng(0), OBJECTIVE.depths, 2)
    alien = stack([points] * 3)
    for name, call in (
        ("h", lambda: train_ensemble(start[:, :5], points, OBJECTIVE)),
        ("h", lambda: train_ensemble(start[0], points, OBJECTIVE)),
        ("h", lambda: train_ensemble(start * np.nan, points, OBJECTIVE)),
        ("h", lambda: train_ensemble(torch.from_numpy(start), points, OBJECTIVE)),
        ("opening", lambda: OBJECTIVE.evaluate(start, points, -1.0)),
        ("label", lambda: train_ensemble(start, alien, OBJECTIVE)),
        ("steps", lambda: train_ensemble(start, points, OBJECTIVE, steps=(0, 10))),
        ("steps", lambda: train_ensemble(start, points, OBJECTIVE, steps=(10,))),
        ("steps", lambda: train_ensemble(start, points, OBJECTIVE, steps=(10, 10, 10))),
        ("rates", lambda: train_ensemble(start, points, OBJECTIVE, rates=(0.1,))),
        ("rates", lambda: train_ensemble(start, points, OBJECTIVE, rates=(0.1, -1.0))),
        ("seeds", lambda: random_start(np.random.default_rng(0), OBJECTIVE.depths, 0)),
        ("depths", lambda: random_start(np.random.default_rng(0), np.array([0.0]), 1)),
    ):
        with pytest.raises(InvalidArgument, match=name):
            call()
