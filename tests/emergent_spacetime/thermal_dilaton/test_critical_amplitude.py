"""The amplitude of a family: hits the response, first crossing, temperature both ways, refusals."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.thermal_dilaton.condensate_probe import linear_response
from nnqg.emergent_spacetime.thermal_dilaton.critical_amplitude import tune
from nnqg.emergent_spacetime.thermal_dilaton.steepness import exponential
from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import solve_thermal
from nnqg.errors import InvalidArgument, NotConverged


def family(amplitude):
    return exponential(amplitude, 2.0)


@pytest.mark.parametrize("frame", ["S1", "S0"])
@pytest.mark.parametrize("ratio", [1.0, 100.0, 1e5])
def test_hits_the_response(frame, ratio):
    amplitude, solution = tune(family, frame, ratio)
    assert linear_response(solution, frame) == pytest.approx(ratio, rel=1e-5)
    weaker = [linear_response(solve_thermal(family(share * amplitude)), frame) for share in (0.2, 0.5, 0.8, 0.95)]
    assert max(weaker) < ratio
    assert np.all(np.diff(weaker) > 0)  # the first crossing, and a monotone way to it


@pytest.mark.bad_input
def test_einstein_frame_never_gets_there():
    with pytest.raises(NotConverged):
        tune(family, "einstein", 100.0)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "arguments", [(3.0, "S1", 1.0), (family, "S2", 1.0), (family, "S1", 0.0), (family, "S1", 1.0, 1e4), (family, "S1", 1.0, 2.0, 1.0)]
)
def test_refuses_bad_input(arguments):
    with pytest.raises(InvalidArgument):
        tune(*arguments)
