"""Families of steepness: values, ends, refusals."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.thermal_dilaton.steepness import TAIL, exponential, nodal
from nnqg.errors import InvalidArgument


def test_nodes_of_an_exponential_are_the_exponential():
    x = np.linspace(0, 8, 33)
    nodes = np.linspace(0, 4, 10)
    assert np.allclose(nodal(np.log(3.0) - TAIL * nodes)(x), exponential(3.0, TAIL)(x), rtol=1e-12)


def test_switch_off():
    x = np.array([1.0, 3.9, 4.1])
    assert exponential(2.0, 2.0, end=4.0)(x)[2] == 0
    assert np.all(exponential(2.0, 2.0, end=4.0)(x)[:2] == exponential(2.0, 2.0)(x)[:2])
    assert nodal(np.zeros(3), tail=np.inf)(x)[2] == 0
    assert np.all(nodal(np.zeros(3), tail=np.inf)(x)[:2] == x[:2])


def test_vanish_at_the_horizon_and_are_positive():
    x = np.linspace(0, 10, 101)
    for family in (exponential(5.0, 3.0), nodal(np.sin(np.arange(8.0)))):
        assert family(x)[0] == 0
        assert np.all(family(x)[1:] > 0)


@pytest.mark.bad_input
@pytest.mark.parametrize("arguments", [(-1.0, 2.0), (1.0, 1.0), (1.0, 2.0, 0.0), (1.0, 2.0, -np.inf), (1.0, 2.0, np.nan)])
def test_refuses_bad_exponentials(arguments):
    with pytest.raises(InvalidArgument):
        exponential(*arguments)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "arguments", [(np.zeros(1),), (np.zeros((2, 2)),), (np.array([0.0, np.nan]),), (np.zeros(3), 0.0), (np.zeros(3), 4.0, 1.0)]
)
def test_refuses_bad_nodes(arguments):
    with pytest.raises(InvalidArgument):
        nodal(*arguments)
