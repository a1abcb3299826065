"""Sommer's scale of a Cornell potential is known exactly."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.dilaton.heavy_quarks import sommer_length
from nnqg.emergent_spacetime.quark_potential.wilson_loop import Strings
from nnqg.errors import InvalidArgument

KAPPA, SIGMA = 0.3, 0.18


def cornell(number=200):
    r = np.geomspace(20.0, 0.1, number)
    force = KAPPA / r**2 + SIGMA
    return Strings(r, r, -KAPPA / r + SIGMA * r, 2 * np.pi * force)


def test_sommer_length_of_a_cornell_potential():
    exact = np.sqrt((1.65 - KAPPA) / SIGMA)
    assert sommer_length(cornell(), 1.0) == pytest.approx(exact, rel=1e-7)
    errors = [abs(sommer_length(cornell(n), 1.0) - exact) for n in (20, 80)]
    assert errors[1] < errors[0] / 50  # cubic splines: fourth order
    assert sommer_length(cornell(), 1.0, 1.0) == pytest.approx(np.sqrt((1 - KAPPA) / SIGMA), rel=1e-7)


def test_order_of_the_strings_does_not_matter():
    strings = cornell()
    back = Strings(*(value[::-1] for value in (strings.turning_points, strings.length, strings.energy, strings.force)))
    assert sommer_length(back, 1.0) == sommer_length(strings, 1.0)


def test_per_alpha_scales_the_force():
    strings = cornell()
    halved = Strings(strings.turning_points, strings.length, strings.energy, strings.force / 2)
    assert sommer_length(halved, 2.0) == pytest.approx(sommer_length(strings, 1.0), rel=1e-12)


@pytest.mark.bad_input
@pytest.mark.parametrize(("per_alpha", "target"), [(1.0, 1e6), (-1.0, 1.65), (1.0, 0.0)])
def test_bad_input(per_alpha, target):
    with pytest.raises(InvalidArgument):
        sommer_length(cornell(), per_alpha, target)
