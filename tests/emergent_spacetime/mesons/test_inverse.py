"""The inverse problem: exact derivatives, known bulks found again, starts that agree, and what stays open."""

import numpy as np
import pytest

from nnqg import data_sets, identifiability
from nnqg.emergent_spacetime.mesons._problem import MesonProblem
from nnqg.emergent_spacetime.mesons.inverse import fit_towers, learn_profile, profile_modes
from nnqg.emergent_spacetime.mesons.penalty import penalty_matrix
from nnqg.emergent_spacetime.mesons.profile import DilatonProfile
from nnqg.emergent_spacetime.mesons.sturm_liouville import Chain
from nnqg.emergent_spacetime.mesons.towers import Grid, Tower
from nnqg.errors import InvalidArgument

KINDS = ["curvature", "ratio", "slope"]
RHO = data_sets.load("vector-mesons").columns["mass"] / 1000
A2 = data_sets.load("tensor-mesons").columns["mass"] / 1000


def towers():
    return [Tower(1, RHO[:2], np.full(2, 3e-3)), Tower(2, A2, np.full(2, 3e-3))]


def test_the_jacobian_is_that_of_finite_differences():
    penalty = np.random.default_rng(1).standard_normal((5, 32))
    problem = MesonProblem(towers(), penalty, 0.3, np.ones(5), Grid(sites=200))
    gains = np.random.default_rng(2).uniform(0.05, 0.3, 32)
    exact = problem.linearise(gains)[1]
    np.testing.assert_allclose(exact, identifiability.jacobian(lambda x: problem.linearise(x)[0], gains), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("kind", ["curvature", "ratio"])
def test_a_soft_wall_is_found_again(kind):
    """Two masses of a soft wall and a penalty that leaves soft walls free: b = 2 c z, and the third mass comes out."""
    c = 0.15
    fit = learn_profile(np.sqrt(4 * c * np.array([1.0, 2.0])), kind, errors=np.full(2, 1e-5))
    z = np.array([0.5, 2.0, 6.0])
    np.testing.assert_allclose(fit.profiles[0].slope(z), 2 * c * z, rtol=2e-2)
    assert fit.converged and abs(fit.masses(3)[2] - np.sqrt(12 * c)) < 2e-3


@pytest.mark.parametrize("states", [2, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_measured_masses_are_reproduced_and_starts_agree(kind, states):
    tower = Tower(1, RHO[:states], np.full(states, 3e-3))
    penalty, rng = penalty_matrix(kind, 16, 0.5), np.random.default_rng(4)
    fits = [fit_towers([tower], penalty, start=0.15 * rng.uniform(0.2, 2, 16)) for _ in range(3)]
    next_masses = [fit.masses(states + 1)[-1] for fit in fits]
    assert all(fit.converged for fit in fits)
    assert max(abs(fit.masses(states) - RHO[:states]).max() for fit in fits) < 1e-3
    assert np.ptp(next_masses) < 2e-3


def test_the_next_mass_is_the_regulariser_s():
    third = {kind: 1000 * learn_profile(RHO[:2], kind).masses(3)[2] for kind in KINDS}
    assert third == pytest.approx({"curvature": 1975, "ratio": 1873, "slope": 1634}, abs=30)


def test_profiles_rise_unless_told_otherwise():
    tower, penalty = Tower(1, RHO, np.full(3, 3e-3)), penalty_matrix("curvature", 16, 0.5)
    rising, free = fit_towers([tower], penalty), fit_towers([tower], penalty, monotone=False)
    assert (rising.profiles[0].gains >= 0).all() and (free.profiles[0].gains < 0).any()
    assert free.cost < rising.cost


@pytest.mark.parametrize("kind", KINDS)
def test_the_end_of_the_search_is_a_minimum_in_the_allowed_corner(kind):
    """Karush, Kuhn, Tucker: the slope of the cost vanishes where a gain is positive and is not negative where it is zero."""
    tower, penalty = Tower(1, RHO, np.full(3, 3e-3)), penalty_matrix(kind, 16, 0.5)
    fit = fit_towers([tower], penalty)
    gains = fit.profiles[0].gains
    residual, jacobian = MesonProblem([tower], penalty, 0.1, None, fit.grid).linearise(gains)
    slope, free = 2 * jacobian.T @ residual, gains > 1e-3
    assert free.any() and not free.all()
    assert np.abs(slope[free]).max() < 1e-3 and slope[~free].min() > -1e-3


def test_no_better_fit_is_found_from_other_starts():
    tower, penalty, rng = Tower(1, RHO, np.full(3, 3e-3)), penalty_matrix("slope", 16, 0.5), np.random.default_rng(7)
    cost = fit_towers([tower], penalty).cost
    others = [fit_towers([tower], penalty, start=rng.uniform(0, 1, 16)).cost for _ in range(3)]
    np.testing.assert_allclose(others, cost, rtol=1e-5)


def test_two_towers_with_separate_penalties_are_two_fits():
    matrix = penalty_matrix("ratio", 16, 0.5)
    together = fit_towers(towers(), np.kron(np.eye(2), matrix))
    apart = [fit_towers([tower], matrix) for tower in towers()]
    np.testing.assert_allclose(together.masses(3), apart[0].masses(3), atol=5e-4)
    np.testing.assert_allclose(together.masses(3, tower=1), apart[1].masses(3), atol=5e-4)
    assert [profile.spin for profile in together.profiles] == [1, 2]


def test_the_grid_does_not_matter():
    coarse, fine = (learn_profile(RHO[:2], "ratio", grid=Grid(box=box, sites=sites)) for box, sites in ((14, 600), (18, 1200)))
    np.testing.assert_allclose(coarse.masses(3), fine.masses(3), atol=2e-3)


def test_modes_of_a_linear_dilaton_have_a_gap():
    """b = k: U = (k/2 + 1/2z)^2 + 1/2z^2 > k^2/4, a continuum above k/2 that a larger box fills more densely."""
    profile = DilatonProfile(np.array([2.0, 0.0]), 1e-3)
    lowest = [np.sqrt(profile_modes(profile, Chain(box, 40 * box), 1).masses2[0]) for box in (20, 40)]
    assert 1.0 < lowest[1] < lowest[0]


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: learn_profile(np.array([1.0, 0.5])), "masses: expected ascending"),
        (lambda: learn_profile(np.array([0.5, 1.0]), "entropy"), "penalty: expected one of"),
        (lambda: fit_towers([Tower(1, np.ones(1), np.ones(1))], np.ones((3, 4))), "penalty: expected"),
        (lambda: fit_towers([Tower(1, np.ones(1), np.ones(1))], np.ones((3, 16)), weight=0.0), "weight: expected"),
        (lambda: fit_towers([Tower(1, np.ones(1), np.ones(1))], np.ones((3, 16)), target=np.ones(2)), "target: expected"),
        (lambda: fit_towers([Tower(1, np.ones(1), np.ones(1))], np.ones((3, 16)), start=np.ones(2)), "start: expected"),
        (lambda: fit_towers([Tower(1, np.ones(1), np.ones(1))], np.ones((3, 16)), start=-np.ones(16)), "start: expected"),
        (lambda: profile_modes(DilatonProfile(np.ones(2)), Chain(1.0, 10), 0), "count: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


@pytest.mark.bad_input
@pytest.mark.parametrize("tower", [-1, 1, 0.0])
def test_a_tower_that_was_not_fitted_is_named(tower):
    fit = learn_profile(np.array([0.775]))
    with pytest.raises(InvalidArgument, match="tower: expected"):
        fit.masses(2, tower=tower)
