"""Training: reproducible, independent of the number of threads, and it solves the published problem from a random start."""

import numpy as np
import pytest

from nnqg import data_sets
from nnqg.emergent_spacetime.condensate.adjoint import evaluate
from nnqg.emergent_spacetime.condensate.data import PUBLISHED_TOTAL, augment, fit_curve
from nnqg.emergent_spacetime.condensate.training import Schedule, random_start, train_ensemble, wander
from nnqg.errors import InvalidArgument, NotConverged

QUICK = Schedule(chunk=50, cull_after=100, settle_steps=50, found=10.0, target=10.0)


@pytest.fixture(scope="module")
def data():
    columns = data_sets.load("chiral-condensate").columns
    return augment(fit_curve(columns["quark_mass"], columns["condensate"]), np.random.default_rng(1))


@pytest.fixture(scope="module")
def stored():
    table = data_sets.load("stored-condensate-solution").columns
    return np.concatenate([table["h"], [table["lambda"][0], table["radius"][0]]])


def test_the_random_start_is_the_published_one():
    starts = np.array([random_start(np.random.default_rng(seed)) for seed in range(400)])
    assert starts[:, -2:] == pytest.approx(np.tile([0.2, 0.8], (400, 1)))
    assert starts[:, :15].mean() == pytest.approx(4.0, abs=0.15) and starts[:, :15].std() == pytest.approx(3.0, abs=0.15)


def test_the_published_problem_is_solved_from_a_random_start(data):
    model = train_ensemble(data, [np.random.default_rng([7, 0])])[0]
    assert model.total <= PUBLISHED_TOTAL
    assert model.total == pytest.approx(evaluate(model.weights, data).total)
    assert model.steps < 1_000_000
    assert model.weights[14] > 30.0 and model.weights[:15].min() < 0.0


def test_one_generator_one_result_whatever_the_number_of_threads(data):
    def run(workers):
        return train_ensemble(data, [np.random.default_rng(seed) for seed in range(3)], QUICK, workers=workers)

    for first, second in zip(run(1), run(3), strict=True):
        assert (first.weights == second.weights).all() and first.steps == second.steps


def test_dead_starts_are_counted(data):
    impatient = Schedule(chunk=50, cull_after=50, alive=1.0, search_steps=100, starts=3)
    with pytest.raises(NotConverged, match="3 starts"):
        train_ensemble(data, [np.random.default_rng(1)], impatient)


def test_one_full_batch_step_of_adam_moves_every_weight_by_the_rate(data, stored):
    few = augment(fit_curve(data.mass, data.condensate, 1), np.random.default_rng(2), each=50)
    moved = wander(stored, few, np.random.default_rng(3), rate=1e-3, batch=100, chunks=1, chunk=1)[0]
    gradient = evaluate(stored, few).gradient
    expected = -1e-3 * gradient / (np.abs(gradient) + 1e-8)
    assert moved - stored == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_noise_chooses_the_place_in_the_valley(data, stored):
    small, large = (
        wander(stored, data, np.random.default_rng(4), rate=1e-3, batch=batch, chunks=40)[20:].mean(axis=0) for batch in (30, 100)
    )
    assert small[-1] == pytest.approx(3.46, abs=0.08) and large[-1] == pytest.approx(3.85, abs=0.05)


@pytest.mark.bad_input
def test_bad_input_is_refused(data, stored):
    generator = np.random.default_rng(1)
    few = augment(fit_curve(data.mass, data.condensate, 1), generator, each=10)
    for call in (
        lambda: Schedule(batch=0),
        lambda: Schedule(search_rate=-1.0),
        lambda: Schedule(settle_rates=(0.0,)),
        lambda: Schedule(settle_rates=()),
        lambda: Schedule(settle_rates=1e-3),
        lambda: Schedule(alive=5.0),
        lambda: Schedule(settle_steps=-5),
        lambda: Schedule(alive=float("nan")),
        lambda: train_ensemble(few, [generator], Schedule(batch=100)),
        lambda: train_ensemble(data, []),
        lambda: train_ensemble(data, [generator], workers=0),
        lambda: wander(stored[1:], data, generator, rate=1e-3, batch=100),
        lambda: wander(stored, data, generator, rate=0.0, batch=100),
        lambda: wander(stored, data, generator, rate=1e-3, batch=0),
        lambda: wander(stored, data, generator, rate=1e-3, batch=100, chunks=0),
    ):
        with pytest.raises(InvalidArgument, match="expected .* got .* Remedy"):
            call()
