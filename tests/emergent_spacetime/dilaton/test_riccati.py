"""One Riccati equation: the equations from the Ricci tensor, series, closed form, uniqueness, the scalar's equation."""

import confining_solution
import numpy as np
import pytest
import sympy
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline
from scipy.special import hyp1f1

from nnqg.emergent_spacetime.dilaton.riccati import Background, solve_background
from nnqg.errors import Diverged, InvalidArgument


def soft(z):
    return 2 * z


@pytest.fixture(scope="module")
def grid():
    return np.geomspace(1e-4, 4.0, 2000)


@pytest.fixture(scope="module")
def soft_wall(grid):
    return solve_background(soft, grid)


@pytest.fixture(scope="module")
def ricci():
    """Ricci tensor of exp(2 A) (dz^2 + dx^2) in five dimensions, its z z and x x components, from Christoffel symbols."""
    z, t, x, y, s = coordinates = sympy.symbols("z t x y s")
    warp = sympy.Function("A")(z)
    metric = sympy.exp(2 * warp) * sympy.diag(1, -1, 1, 1, 1)
    inverse, n = metric.inv(), range(5)

    def christoffel(i, j, k):
        lower = [metric[m, j].diff(coordinates[k]) + metric[m, k].diff(coordinates[j]) - metric[j, k].diff(coordinates[m]) for m in n]
        return sum(inverse[i, m] * lower[m] for m in n) / 2

    connection = [[[christoffel(i, j, k) for k in n] for j in n] for i in n]

    def component(j, k):
        total = 0
        for i in n:
            total += connection[i][j][k].diff(coordinates[i]) - connection[i][j][i].diff(coordinates[k])
            total += sum(connection[i][i][m] * connection[m][j][k] - connection[i][k][m] * connection[m][j][i] for m in n)
        return sympy.simplify(total)

    return z, warp, component(0, 0), component(2, 2)


def test_the_equations_are_einsteins(ricci):
    """R_MN = (4/3) dPhi dPhi - (V/3) g_MN holds when Phi' = 3 (B' + a), the Riccati equation and the formula for V hold."""
    z, warp, along, across = ricci
    b_slope = sympy.Function("b")(z)
    a = warp.diff(z)
    riccati = {warp.diff(z, 2): a**2 - 4 * (b_slope + a) ** 2}
    potential = 12 * sympy.exp(-2 * warp) * (a**2 - (b_slope + a) ** 2)
    scale = sympy.exp(2 * warp)
    first = along - (sympy.Rational(4, 3) * 9 * (b_slope + a) ** 2 - potential / 3 * scale)
    second = across + potential / 3 * scale
    assert sympy.simplify(first.subs(riccati)) == 0
    assert sympy.simplify(second.subs(riccati)) == 0


def test_the_scalars_equation_follows():
    z = sympy.symbols("z")
    a, warp, b_slope = (sympy.Function(name)(z) for name in ("a", "A", "b"))
    p = b_slope + a
    rules = {a.diff(z): a**2 - 4 * p**2, warp.diff(z): a}
    potential = 12 * sympy.exp(-2 * warp) * (a**2 - p**2)
    force = (potential.diff(z) / (3 * p)).subs(rules)
    box = (3 * p).diff(z) + 3 * a * 3 * p
    assert sympy.simplify((box + sympy.Rational(3, 8) * sympy.exp(2 * warp) * force).subs(rules)) == 0


def test_the_string_frame_obeys_a_linear_equation():
    """psi = exp(A_s), psi' = (3 a + 2 B') psi: psi'' + 4 B' psi' - 2 B'' psi = 0."""
    z = sympy.symbols("z")
    a, exponent, psi = (sympy.Function(name)(z) for name in ("a", "B", "psi"))
    first = (3 * a + 2 * exponent.diff(z)) * psi
    second = first.diff(z).subs({psi.diff(z): first, a.diff(z): a**2 - 4 * (exponent.diff(z) + a) ** 2})
    assert sympy.simplify(second + 4 * exponent.diff(z) * first - 2 * exponent.diff(z, 2) * psi) == 0


def test_no_dilaton_is_anti_de_sitter_space(grid):
    found = solve_background(np.zeros_like, grid)
    assert np.abs(found.departure).max() == 0
    assert np.allclose(found.potential, 12.0, rtol=1e-12)
    assert np.allclose(found.string_slope, -1 / grid, rtol=1e-12)


def test_soft_wall_begins_as_its_series(soft_wall):
    z = soft_wall.z
    early = z < 0.02
    assert np.allclose(soft_wall.departure[early], -16 / 5 * z[early] ** 3, rtol=2e-3, atol=1e-12)
    assert np.allclose(soft_wall.dilaton[early], 3 * z[early] ** 2, rtol=1e-3)
    middle = (z > 0.03) & (z < 0.05)
    assert np.allclose(((soft_wall.potential - 12) / soft_wall.dilaton**2)[middle], 16 / 3, rtol=2e-3)


def test_soft_wall_ends_as_predicted(soft_wall):
    z = soft_wall.z[-1]
    assert soft_wall.string_slope[-1] == pytest.approx((2 - 1 / z**2) / (2 * (2 * z + 1 / z)), rel=0.01)  # B''/2B'
    assert soft_wall.dilaton_slope[-1] / (2 * soft_wall.z[-1]) == pytest.approx(1.0, abs=0.1)


def test_string_frame_of_the_soft_wall_is_kummers_function(soft_wall):
    assert np.allclose(np.exp(soft_wall.string_warp), hyp1f1(-0.75, 1.5, -4 * soft_wall.z**2), rtol=1e-8, atol=0)


def test_the_closed_form_comes_back(grid):
    found = solve_background(confining_solution.slope, grid)
    use = grid < 2.5
    assert np.allclose(found.warp, -(grid**2), rtol=1e-8, atol=1e-9)
    assert np.allclose(found.departure, -2 * grid, rtol=1e-7)
    assert np.allclose(found.dilaton, confining_solution.dilaton(grid), rtol=1e-7, atol=1e-9)
    assert np.allclose(found.potential[use], confining_solution.potential(grid[use]), rtol=1e-7)
    assert np.allclose(found.string_slope, confining_solution.string_slope(grid), rtol=1e-6, atol=1e-6)


def test_the_closed_form_is_a_solution():
    x, z = sympy.symbols("x", positive=True), np.linspace(0.05, 3.0, 40)
    warp = -sympy.log(x) - x**2
    slope2 = sympy.Rational(9, 4) * (warp.diff(x) ** 2 - warp.diff(x, 2))
    forms = {
        "potential": sympy.exp(-2 * warp) * (3 * warp.diff(x, 2) + 9 * warp.diff(x) ** 2),
        "slope": sympy.sqrt(slope2) / 3 - warp.diff(x) - 1 / x,
        "string_slope": warp.diff(x) + sympy.Rational(2, 3) * sympy.sqrt(slope2),
    }
    for name, form in forms.items():
        assert np.allclose(sympy.lambdify(x, form)(z), getattr(confining_solution, name)(z), rtol=1e-12)
    climb = (confining_solution.dilaton(z + 1e-5) - confining_solution.dilaton(z - 1e-5)) / 2e-5
    assert np.allclose(climb, np.sqrt(9 * z**2 + 13.5), rtol=1e-8)


def test_it_is_the_integral_of_what_went_in(soft_wall):
    """B = Phi/3 - A_E, and B - log z is the integral of b."""
    assert np.allclose(soft_wall.dilaton / 3 - soft_wall.warp, soft_wall.z**2, atol=1e-9)


def test_scalar_equation(soft_wall):
    z, slope = soft_wall.z, soft_wall.dilaton_slope
    box = CubicSpline(z, slope)(z, 1) + 3 * (soft_wall.departure - 1 / z) * slope
    term = 3 / 8 * np.exp(2 * soft_wall.warp) / z**2 * CubicSpline(z, soft_wall.potential)(z, 1) / slope
    use = (z > 0.05) & (z < 3)
    assert np.abs(box[use] / term[use] + 1).max() < 2e-4


def test_another_solver_and_another_start_agree(soft_wall):
    run = solve_ivp(lambda z, a: a**2 - 4 * (1 / z + 2 * z + a) ** 2, (0.01, 4.0), [-120.0], method="Radau", rtol=1e-9, atol=1e-10)
    assert run.y[0, -1] == pytest.approx(soft_wall.departure[-1] - 1 / 4.0, rel=1e-5)


def test_lengths_scale(grid):
    """c -> 4 c halves all lengths and leaves the potential alone."""
    found = solve_background(lambda z: 8 * z, grid / 2)
    reference = solve_background(soft, grid)
    assert np.allclose(found.dilaton, reference.dilaton, rtol=1e-7, atol=1e-9)
    assert np.allclose(found.potential, reference.potential, rtol=1e-6)


def test_a_corner_is_no_obstacle(grid):
    found = solve_background(lambda z: np.maximum(z - 1, 0.0), grid)
    flat = grid < 0.99
    assert np.allclose(found.potential[flat], 12.0, rtol=1e-9)
    assert isinstance(found, Background)
    assert (np.diff(found.dilaton[grid > 1.01]) > 0).all()


def test_runaway_is_reported():
    with pytest.raises(Diverged):
        solve_background(lambda z: -5 * z**4, np.geomspace(1e-2, 50.0, 20))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("slope", "z"),
    [
        (3.0, np.array([0.1, 0.2])),
        (soft, np.array([0.2, 0.1])),
        (soft, np.array([0.0, 0.1])),
        (soft, np.array([0.1])),
        (soft, np.array([1, 2])),
        (lambda z: z * np.nan, np.array([0.1, 0.2])),
        (lambda z: 1.0, np.array([0.1, 0.2])),
    ],
)
def test_bad_input(slope, z):
    with pytest.raises(InvalidArgument):
        solve_background(slope, z)
