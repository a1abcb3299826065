"""The plainest brane: meets the response, no neighbour is plainer, starts agree."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.string_breaking.regularised_brane import regularise
from nnqg.emergent_spacetime.thermal_dilaton.condensate_probe import linear_response
from nnqg.emergent_spacetime.thermal_dilaton.critical_amplitude import tune
from nnqg.emergent_spacetime.thermal_dilaton.steepness import nodal
from nnqg.errors import InvalidArgument

RATIO = 1000.0


@pytest.mark.parametrize("regulariser", ["size", "slope"])
def test_meets_the_response_and_beats_an_exponential(regulariser):
    found = regularise("S0", RATIO, regulariser)
    assert linear_response(found.solution, "S0") == pytest.approx(RATIO, rel=0.05)  # 1e-5 of the source
    rate = -1.5 * np.linspace(0, 4, 10)
    amplitude, _ = tune(lambda a: nodal(np.log(a) + rate), "S0", RATIO)
    plain = np.log(amplitude) + rate
    value = {
        "slope": (np.diff(plain) ** 2).sum(),
        "size": (np.exp(2 * plain) / 100).sum(),
    }
    assert found.penalty < value[regulariser]


def test_starts_agree():
    first, second = (regularise("S0", RATIO, "size", start_rate=rate) for rate in (1.0, 2.0))
    assert second.penalty == pytest.approx(first.penalty, rel=0.02)
    assert second.solution.invariant[0] == pytest.approx(first.solution.invariant[0], rel=0.01)


def test_flattest_is_flat():
    assert np.ptp(regularise("S1", RATIO, "slope").log_q) < 0.05


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "arguments",
    [("einstein", 1.0, "size"), ("S1", 0.0, "size"), ("S1", 1.0, "roughness"), ("S1", 1.0, "size", 1.0), ("S1", 1.0, "size", 2.0, np.nan)],
)
def test_refuses_bad_input(arguments):
    with pytest.raises(InvalidArgument):
        regularise(*arguments)
