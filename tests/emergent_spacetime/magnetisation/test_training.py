"""Training from random starts, on data that a network of the same kind made."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.magnetisation.critical_curve import critical_curve
from nnqg.emergent_spacetime.magnetisation.labelled_points import draw_points
from nnqg.emergent_spacetime.magnetisation.objective import FALLOFFS, Objective
from nnqg.emergent_spacetime.magnetisation.training import Schedule, random_start, train
from nnqg.errors import InvalidArgument

FIELD = np.linspace(0.0, 5.0, 26)
LONG = Schedule(steps=6000)


def truth(field):
    return 0.2 * field + 0.01 * field**2


@pytest.fixture(scope="module")
def points():
    return draw_points(truth, np.random.default_rng(1), each=3000)


def trained(points, seed=2, schedule=LONG, objective=FALLOFFS, fixed=()):
    rng = np.random.default_rng(seed)
    return train(random_start(rng, objective), points, rng, objective, schedule, fixed)


def test_a_random_start_learns_the_curve(points):
    model = trained(points)
    assert model.evaluation.loss < 0.012  # all one label: 0.25
    assert model.steps == 6000
    assert critical_curve(model.weights, FIELD) == pytest.approx(truth(FIELD), abs=0.15)


def test_the_result_depends_on_the_seed_only(points):
    quick = Schedule(steps=300)
    first, second, third = (trained(points, seed, quick) for seed in (2, 2, 3))
    assert (first.weights == second.weights).all()
    assert (first.weights != third.weights).any()


def test_chunks_do_not_change_the_path(points):
    whole = trained(points, schedule=Schedule(steps=400, rates=(1e-2, 1e-2), target=1e-9, chunk=400, open_steps=300))
    parts = trained(points, schedule=Schedule(steps=400, rates=(1e-2, 1e-2), target=1e-9, chunk=50, open_steps=300))
    assert parts.weights == pytest.approx(whole.weights, rel=1e-9)


def test_it_stops_at_the_target(points):
    model = trained(points, schedule=Schedule(steps=20_000, target=0.03, chunk=100, open_steps=1000))
    assert model.evaluation.total < 0.03
    assert 1000 <= model.steps < 20_000


def test_fixed_weights_stay(points):
    model = trained(points, schedule=Schedule(steps=200), fixed=(10, 13))
    moved = model.weights != model.start
    assert not moved[[10, 13]].any()
    assert moved[[0, 9, 11, 12]].all()


def test_the_mass_stays_above_its_bound(points):
    rng, objective = np.random.default_rng(5), Objective(dimension=2)
    start = random_start(rng, objective, m2_range=(-0.98, -0.9))
    model = train(start, points, rng, objective, Schedule(steps=1000, rates=(0.1, 0.1)))
    assert model.weights[10] >= objective.lowest_m2


def test_random_starts_have_the_stated_distribution():
    rng, objective = np.random.default_rng(6), Objective("linear")
    starts = np.array([random_start(rng, objective, (1.0, 2.0), (-1.0, 0.0)) for _ in range(400)])
    assert starts[:, :10].mean(axis=0) == pytest.approx(1 / objective.depths, abs=0.25)
    assert ((starts[:, 10] >= 1) & (starts[:, 10] <= 2)).all()
    assert ((starts[:, 11] >= -1) & (starts[:, 11] <= 0)).all()
    assert starts[:, 12:].std() == pytest.approx(0.5, rel=0.1)
    flat = np.array([random_start(rng, objective, h_mean=4.0)[:10] for _ in range(400)])
    assert flat.mean(axis=0) == pytest.approx(4.0, abs=0.25)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "options",
    [
        {"steps": 0},
        {"rates": (1e-2,)},
        {"rates": (1e-2, 0.0)},
        {"batch": 0},
        {"open_steps": -1},
        {"opening": 0.0},
        {"target": -1.0},
        {"chunk": 0},
    ],
)
def test_schedule_refuses(options):
    with pytest.raises(InvalidArgument):
        Schedule(**options)


@pytest.mark.bad_input
def test_train_and_random_start_refuse(points):
    rng = np.random.default_rng(1)
    with pytest.raises(InvalidArgument):
        train(np.ones(5), points, rng)
    with pytest.raises(InvalidArgument):
        train(random_start(rng), points[:2], rng)
    with pytest.raises(InvalidArgument, match="labels"):
        train(random_start(rng), points + 0.5, rng)
    with pytest.raises(InvalidArgument):
        train(random_start(rng), points, rng, fixed=(14,))
    with pytest.raises(InvalidArgument):
        random_start(rng, h_mean=np.nan)
    for limits in ((1.0, 1.0), (-9.0, 1.0)):
        with pytest.raises(InvalidArgument):
            random_start(rng, m2_range=limits)
