"""The dictionary between (H, M) and the bulk field at the boundary layer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnqg.emergent_spacetime.magnetisation.boundary_map import BOUNDARY_MAPS, boundary_matrix, exponents, mean_mass_squared
from nnqg.errors import InvalidArgument


@given(dimension=st.floats(1.0, 6.0), above=st.floats(1e-3, 30.0))
def test_exponents_solve_their_equation(dimension, above):
    m2 = above - dimension**2 / 4
    small, large = exponents(m2, dimension)
    assert small + large == pytest.approx(dimension)
    assert small * large == pytest.approx(-m2, abs=1e-9)
    assert large > small


@pytest.mark.parametrize(("m2", "dimension", "expected"), [(-3, 4, (1, 3)), (-2, 3, (1, 2)), (0, 4, (0, 4)), (-4, 4, (2, 2))])
def test_textbook_operators(m2, dimension, expected):
    assert exponents(m2, dimension) == pytest.approx(expected)


def test_falloffs_are_solutions_of_the_free_equation_in_ads():
    m2, dimension, a, b = 1.7, 4.0, 0.6, -0.2
    small, large = exponents(m2, dimension)
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


@given(dimension=st.floats(2.0, 5.0), seed=st.integers(0, 1000))
def test_the_mean_mass_is_exact_for_any_ensemble(dimension, seed):
    m2 = np.random.default_rng(seed).uniform(-(dimension**2) / 4, 20.0, 13)
    delta = np.array([exponents(float(value), dimension)[1] for value in m2])
    assert mean_mass_squared(float(delta.mean()), float(delta.std()), dimension) == pytest.approx(m2.mean(), rel=1e-9, abs=1e-9)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: exponents(-4.1, 4.0),
        lambda: exponents(np.nan, 4.0),
        lambda: exponents(1.0, 0.0),
        lambda: boundary_matrix("cubic", 1.0, np.ones(2)),
        lambda: boundary_matrix("falloffs", 1.0, np.ones(4)),
        lambda: boundary_matrix("falloffs", -5.0, np.ones(2)),
        lambda: boundary_matrix("linear", 1.0, np.array([1.0, np.inf, 0.0, 0.0])),
        lambda: mean_mass_squared(1.0, -1.0, 4.0),
        lambda: mean_mass_squared(1.0, 1.0, 0.0),
    ],
)
def test_refused(call):
    with pytest.raises(InvalidArgument):
        call()
