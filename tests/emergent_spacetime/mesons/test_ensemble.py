"""Members of an ensemble scatter as a linear problem says they must."""

from dataclasses import replace

import numpy as np
import pytest

from nnqg.emergent_spacetime.mesons.ensemble import ensemble
from nnqg.emergent_spacetime.mesons.inverse import fit_towers
from nnqg.emergent_spacetime.mesons.penalty import penalty_matrix
from nnqg.emergent_spacetime.mesons.towers import Grid, Tower
from nnqg.errors import InvalidArgument

GRID = Grid(sites=200)


@pytest.fixture(scope="module")
def rho():
    return [Tower(1, np.array([0.775, 1.465]), np.array([0.002, 0.025]))]


def test_fitted_masses_scatter_by_their_errors(rho):
    penalty = penalty_matrix("ratio", 16, 0.5)
    members = ensemble(rho, penalty, fit_towers(rho, penalty, grid=GRID), 60, np.random.default_rng(0))
    found = np.array([member.masses(3) for member in members])
    assert 0.6 < found[:, 0].std() / 0.002 < 1.4 and 0.6 < found[:, 1].std() / 0.025 < 1.4
    assert found[:, 2].std() > found[:, 1].std()
    assert all(member.converged and (member.profiles[0].gains >= 0).all() for member in members)


def test_the_same_generator_draws_the_same_members(rho):
    penalty = penalty_matrix("slope", 16, 0.5)
    fit = fit_towers(rho, penalty, grid=GRID)
    first, second = (ensemble(rho, penalty, fit, 2, np.random.default_rng(7)) for _ in range(2))
    assert all((a.profiles[0].gains == b.profiles[0].gains).all() for a, b in zip(first, second, strict=True))


@pytest.mark.bad_input
def test_bad_arguments_are_named(rho):
    penalty = penalty_matrix("slope", 16, 0.5)
    fit = fit_towers(rho, penalty, grid=GRID)
    with pytest.raises(InvalidArgument, match="count: expected"):
        ensemble(rho, penalty, fit, 0, np.random.default_rng(0))
    with pytest.raises(InvalidArgument, match="penalty: expected"):
        ensemble(rho, np.ones(3), fit, 1, np.random.default_rng(0))
    with pytest.raises(InvalidArgument, match="fit.penalty: expected"):
        ensemble(rho, penalty, replace(fit, penalty=0.0), 1, np.random.default_rng(0))
    with pytest.raises(InvalidArgument, match="profiles: expected"):
        ensemble(rho, penalty, replace(fit, profiles=()), 1, np.random.default_rng(0))
