"""The closed-form solution obeys Einstein's equations identically."""

import numpy as np
import pytest
import sympy

from nnqg.emergent_spacetime.dilaton import exact_dilaton
from nnqg.errors import InvalidArgument

z = np.linspace(0.05, 3.0, 40)


def test_symbolically():
    x = sympy.symbols("x", positive=True)
    warp = -sympy.log(x) - x**2
    slope2 = sympy.Rational(9, 4) * (warp.diff(x) ** 2 - warp.diff(x, 2))
    potential = sympy.exp(-2 * warp) * (3 * warp.diff(x, 2) + 9 * warp.diff(x) ** 2)
    assert sympy.simplify(slope2 - (9 * x**2 + sympy.Rational(27, 2))) == 0
    assert np.allclose(sympy.lambdify(x, potential)(z), exact_dilaton.example_potential(z), rtol=1e-12)
    b = sympy.sqrt(slope2) / 3 - warp.diff(x) - 1 / x
    assert np.allclose(sympy.lambdify(x, b)(z), exact_dilaton.example_slope(z), rtol=1e-12)


def test_dilaton_is_the_integral_of_its_slope():
    step = 1e-5
    numeric = (exact_dilaton.example_dilaton(z + step) - exact_dilaton.example_dilaton(z - step)) / (2 * step)
    assert np.allclose(numeric, np.sqrt(9 * z**2 + 13.5), rtol=1e-8)
    assert exact_dilaton.example_dilaton(np.zeros(1))[0] == 0


def test_string_frame():
    slope = -1 / z - 2 * z + 2 / 3 * np.sqrt(9 * z**2 + 13.5)
    assert np.allclose(exact_dilaton.example_string_slope(z), slope, rtol=1e-12)
    wall = np.array([exact_dilaton.example_wall(3.0)])
    assert abs(exact_dilaton.example_string_slope(wall, 3.0)[0]) < 1e-12


def test_scaling():
    assert np.allclose(exact_dilaton.example_slope(z / 2, 4.0), 2 * exact_dilaton.example_slope(z))
    assert np.allclose(exact_dilaton.example_potential(z / 2, 4.0), exact_dilaton.example_potential(z))
    assert np.allclose(exact_dilaton.example_dilaton(z / 2, 4.0), exact_dilaton.example_dilaton(z))


@pytest.mark.bad_input
@pytest.mark.parametrize("name", ["example_slope", "example_dilaton", "example_potential", "example_string_slope"])
@pytest.mark.parametrize(("where", "k"), [(np.array([-1.0]), 1.0), (np.array([1]), 1.0), (np.array([1.0]), 0.0), (1.0, 1.0)])
def test_bad_input(name, where, k):
    with pytest.raises(InvalidArgument):
        getattr(exact_dilaton, name)(where, k)


@pytest.mark.bad_input
def test_bad_wall():
    with pytest.raises(InvalidArgument):
        exact_dilaton.example_wall(-1.0)
