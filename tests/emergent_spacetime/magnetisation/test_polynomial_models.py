"""Odd polynomials."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.magnetisation.polynomial_models import fit_odd
from nnqg.errors import InvalidArgument

X = np.linspace(0.0, 3.0, 12)
Y = np.sin(X)


def test_exact_for_an_odd_polynomial():
    fit = fit_odd(X, 2 * X - 0.5 * X**3 + 0.1 * X**5, 3)
    assert fit.coefficients == pytest.approx([2.0, -0.5, 0.1])
    assert fit.residuals == pytest.approx(0.0, abs=1e-12)
    assert fit(np.array([-1.0, 1.0])) == pytest.approx([-1.6, 1.6])


def test_more_terms_fit_better_and_converge():
    sizes = [np.sqrt(np.mean(fit_odd(X, Y, terms).residuals ** 2)) for terms in range(1, 7)]
    assert (np.diff(sizes) < 0).all()
    assert sizes[-1] < 1e-7


def test_left_out_residuals_equal_refits():
    fit = fit_odd(X, Y, 3)
    for k in (0, 4, 11):
        others = np.arange(12) != k
        assert fit.left_out[k] == pytest.approx(Y[k] - fit_odd(X[others], Y[others], 3)(X[k : k + 1])[0], abs=1e-9)


def test_residuals_are_orthogonal_to_the_terms():
    assert X**3 @ fit_odd(X, Y, 2).residuals == pytest.approx(0.0, abs=1e-10)


@pytest.mark.bad_input
def test_refused():
    for x, y, terms in ((X, Y[:-1], 2), (X, Y, 0), (X, Y, 13), (np.arange(12), Y, 2)):
        with pytest.raises(InvalidArgument):
            fit_odd(x, y, terms)
