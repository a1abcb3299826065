"""Shooting: exact solution, order of the integrator, Jacobian, a round trip, and the lattice data."""

import numpy as np
import pytest
import torch
import torch_network
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from nnqg import data_sets, identifiability, random_numbers
from nnqg.emergent_spacetime.condensate import _shooting_kernels
from nnqg.emergent_spacetime.condensate.data import PUBLISHED, SOURCE_SCALE, VEV_SCALE
from nnqg.emergent_spacetime.condensate.shooting import ShootingProblem, fit
from nnqg.errors import InvalidArgument


@pytest.fixture(scope="module")
def lattice():
    columns = data_sets.load("chiral-condensate").columns
    return columns["quark_mass"], columns["condensate"], np.full(6, 0.004)


def shoot_outwards(h, lam, horizon_value, substeps=4):
    """Field and momentum at the boundary layer, by the compiled steps."""
    state, *work = (np.empty((2, 18)) for _ in range(4))
    _shooting_kernels.shoot(h, lam, horizon_value, PUBLISHED.m2, -PUBLISHED.step, substeps, state, *work)
    return tuple(state[:, 0])


def test_anti_de_sitter_space_is_integrated_exactly_to_fourth_order():
    length = 14 / 15
    exact = np.array([1.5 * np.exp(-length) - 0.5 * np.exp(-3 * length), -1.5 * np.exp(-length) + 1.5 * np.exp(-3 * length)])
    errors = [np.abs(np.array(shoot_outwards(np.full(15, 4.0), 0.0, 1.0, substeps=n)) - exact).max() for n in (1, 2, 4)]
    assert np.log2(np.array(errors[:-1]) / errors[1:]) == pytest.approx([4.0, 4.0], abs=0.2)


def test_a_static_nonlinear_field_stays_where_it_is():
    # m^2 phi + lambda phi^3 = 0 at phi = sqrt(3 / lambda)
    assert shoot_outwards(np.full(15, 2.0), 12.0, 0.5) == pytest.approx((0.5, 0.0))


def test_without_friction_the_energy_is_conserved():
    phi, pi_ = shoot_outwards(np.zeros(15), 3.0, 0.4, substeps=40)
    energy = 0.5 * pi_**2 + 1.5 * phi**2 - 0.75 * phi**4
    assert energy == pytest.approx(1.5 * 0.4**2 - 0.75 * 0.4**4, rel=1e-6)


def test_the_jacobian_agrees_with_finite_differences(lattice):
    problem = ShootingProblem(*lattice, penalty_weight=3.0)
    unknowns = np.concatenate([np.linspace(4.0, 9.0, 15), [3.0, -0.2], np.linspace(-4.0, -1.0, 6)])
    numeric = identifiability.jacobian(lambda x: problem.residuals_and_jacobian(x)[0], unknowns, step=1e-6)
    assert problem.residuals_and_jacobian(unknowns)[1] == pytest.approx(numeric, rel=1e-6, abs=1e-7 * np.abs(numeric).max())


def test_every_random_start_fits_the_data_within_the_label_width(lattice):
    fits = [fit(ShootingProblem(*lattice, penalty_weight=5.0), np.random.default_rng([1, seed])) for seed in range(4)]
    for result in fits:
        assert result.chi_squared < 1.0 and result.penalty < 0.0542
        assert np.abs(result.condensate - lattice[1]).max() < 0.5 * 0.004
        assert result.chi_squared == pytest.approx((((result.condensate - lattice[1]) / 0.004) ** 2).sum())


def run_outwards(weights, horizon_value):
    """Condensate and mass of one shot, by another integrator."""
    h, lam, radius = weights[:15], weights[15], weights[16]
    state, edges = np.array([horizon_value, 0.0]), np.append(PUBLISHED.eta, PUBLISHED.eta_fin)
    for n in range(14, -1, -1):

        def slope(_, y, h_n=h[n]):
            return [y[1], -h_n * y[1] - 3 * y[0] + lam * y[0] ** 3]

        span = edges[n + 1], edges[n]
        state = solve_ivp(slope, span, state, method="DOP853", rtol=1e-10, atol=1e-16).y[:, -1]
    source, response = 3 * state[0] + state[1], state[0] + state[1]
    roots = np.roots([-0.5 * lam * np.exp(-3), 0.0, 2 * np.exp(-1), -source])
    alpha = roots[(abs(roots.imag) < 1e-12) & (roots.real > 0)].real.min()
    beta = -0.5 * np.exp(3) * response + 0.25 * lam * alpha**3
    return beta / (VEV_SCALE * radius**3), alpha / (SOURCE_SCALE * radius)


def test_one_start_fits_the_data_within_the_errors_of_the_lattice(lattice):
    mass, qq, _ = lattice
    error = data_sets.load("chiral-condensate").columns["condensate_error_lattice"] * 0.829**3
    start = random_numbers.streams(20241211, "shots")["shots"].spawn(4)[3]
    found = fit(ShootingProblem(mass, qq, error, penalty_weight=5.0), start)
    exact = []
    for goal, value in zip(mass, found.horizon_values, strict=True):
        root = brentq(lambda phi_h, goal=goal: run_outwards(found.weights, phi_h)[1] - goal, 0.9 * value, 1.1 * value)
        exact.append(run_outwards(found.weights, root)[0])
    assert (((np.array(exact) - qq) / error) ** 2).sum() < 6.0


def test_data_of_a_straight_line_are_fitted_exactly():
    mass = np.array([0.002, 0.004, 0.008])
    result = fit(ShootingProblem(mass, 5.0 * mass, np.full(3, 1e-3)), np.random.default_rng(2))
    assert result.condensate == pytest.approx(5.0 * mass, rel=0.02)


def test_the_penalty_is_reported_when_it_has_no_weight():
    line = ShootingProblem(np.array([0.01]), np.array([0.05]), np.array([0.004]), penalty_weight=0.0)
    found = fit(line, np.random.default_rng(1))
    assert found.penalty == pytest.approx(float(torch_network.penalty(torch.tensor(found.weights))))


def test_one_generator_one_result(lattice):
    first, second = (fit(ShootingProblem(*lattice), np.random.default_rng(3), evaluations=20) for _ in range(2))
    assert (first.weights == second.weights).all()


@pytest.mark.bad_input
def test_bad_input_is_refused(lattice):
    mass, qq, error = lattice
    problem = ShootingProblem(mass, qq, error)
    for call in (
        lambda: problem.residuals_and_jacobian(np.full(23, np.nan)),
        lambda: problem.residuals_and_jacobian(np.ones(22)),
        lambda: problem.residuals_and_jacobian(np.ones((1, 23))),
        lambda: ShootingProblem(mass, qq[:3], error),
        lambda: ShootingProblem(-mass, qq, error),
        lambda: ShootingProblem(mass, qq, 0.0 * error),
        lambda: ShootingProblem(mass, qq, error, penalty_weight=-1.0),
        lambda: fit(ShootingProblem(mass, qq, error), np.random.default_rng(1), evaluations=0),
    ):
        with pytest.raises(InvalidArgument, match="expected .* got .* Remedy"):
            call()


def test_a_shot_that_runs_away_has_a_large_residual_and_no_slope(lattice):
    unknowns = np.concatenate([np.full(15, -40.0), [1e6, -0.2], np.full(6, 2.0)])
    residuals, jacobian = ShootingProblem(*lattice).residuals_and_jacobian(unknowns)
    assert (np.abs(residuals[:12]) == 1e6).all() and np.isfinite(jacobian).all()
