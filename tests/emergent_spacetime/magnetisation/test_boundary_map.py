"""The dictionary between (H, M) and the bulk field at the boundary layer."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.magnetisation.boundary_map import BOUNDARY_MAPS, boundary_matrix
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import boundary_powers


def test_falloffs_are_solutions_of_the_free_equation_in_ads():
    m2, dimension, a, b = 1.7, 4, 0.6, -0.2
    small, large = boundary_powers(m2, dimension)
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


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: boundary_matrix("cubic", 1.0, np.ones(2)),
        lambda: boundary_matrix("falloffs", 1.0, np.ones(4)),
        lambda: boundary_matrix("falloffs", -5.0, np.ones(2)),
        lambda: boundary_matrix("linear", 1.0, np.array([1.0, np.inf, 0.0, 0.0])),
    ],
)
def test_refused(call):
    with pytest.raises(InvalidArgument):
        call()
