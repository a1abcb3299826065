"""What the meson problem is given is checked at the door."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.mesons.towers import Grid, Tower
from nnqg.errors import InvalidArgument


def test_the_chain_of_a_grid_fills_the_box():
    chain = Grid(box=10.0, sites=99).chain
    assert chain.length == 10.0 and chain.number == 99 and abs(chain.spacing - 0.1) < 1e-15


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Tower(0, np.array([1.0]), np.array([0.1])), "spin: expected"),
        (lambda: Tower(1, np.array([2.0, 1.0]), np.array([0.1, 0.1])), "masses: expected ascending"),
        (lambda: Tower(1, np.array([-1.0]), np.array([0.1])), "masses: expected"),
        (lambda: Tower(1, np.array([1.0, 2.0]), np.array([0.1])), "errors: expected"),
        (lambda: Tower(1, np.array([1.0]), np.array([0.0])), "errors: expected"),
        (lambda: Grid(box=7.0), "box: expected"),
        (lambda: Grid(sites=1), "sites: expected"),
        (lambda: Grid(intervals=1), "intervals: expected"),
        (lambda: Grid(interval=-0.5), "interval: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
