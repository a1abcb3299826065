"""Reading a static potential: a Cornell potential is known exactly."""

import numpy as np
import pytest
from scipy.special import gamma

from nnqg.emergent_spacetime.dilaton import heavy_quarks
from nnqg.emergent_spacetime.quark_potential.wilson_loop import Strings
from nnqg.errors import InvalidArgument

KAPPA, SIGMA = 0.3, 0.18


def cornell(number=200):
    r = np.geomspace(20.0, 0.1, number)
    force = KAPPA / r**2 + SIGMA
    return Strings(r, r, -KAPPA / r + SIGMA * r, 2 * np.pi * force)


def test_sommer_length_of_a_cornell_potential():
    exact = np.sqrt((1.65 - KAPPA) / SIGMA)
    assert heavy_quarks.sommer_length(cornell(), 1.0) == pytest.approx(exact, rel=1e-7)
    errors = [abs(heavy_quarks.sommer_length(cornell(n), 1.0) - exact) for n in (20, 80)]
    assert errors[1] < errors[0] / 50  # cubic splines: fourth order
    assert heavy_quarks.sommer_length(cornell(), 1.0, 1.0) == pytest.approx(np.sqrt((1 - KAPPA) / SIGMA), rel=1e-7)


def test_order_of_the_strings_does_not_matter():
    strings = cornell()
    back = Strings(*(value[::-1] for value in (strings.turning_points, strings.length, strings.energy, strings.force)))
    assert heavy_quarks.sommer_length(back, 1.0) == heavy_quarks.sommer_length(strings, 1.0)


def test_coupling_scales_the_force():
    strings = cornell()
    doubled = Strings(strings.turning_points, strings.length, strings.energy, strings.force / 2)
    assert heavy_quarks.sommer_length(doubled, 2.0) == pytest.approx(heavy_quarks.sommer_length(strings, 1.0), rel=1e-12)


def test_cornell_fit_is_exact():
    strings = cornell(30)
    assert heavy_quarks.fit_cornell(strings.length, strings.energy + 2.0) == pytest.approx((KAPPA, SIGMA, 2.0), rel=1e-9)


def test_coupling_and_coulomb_coefficient():
    coupling = heavy_quarks.coupling_from_tension(0.3, 0.18)
    assert coupling * 0.3 / (2 * np.pi) == pytest.approx(0.18)
    assert heavy_quarks.coulomb_coefficient(coupling) == pytest.approx(coupling * 4 * np.pi**2 / gamma(0.25) ** 4)


@pytest.mark.bad_input
def test_bad_input():
    with pytest.raises(InvalidArgument):
        heavy_quarks.sommer_length(cornell(), 1.0, 1e6)
    with pytest.raises(InvalidArgument):
        heavy_quarks.sommer_length(cornell(), -1.0)
    for warp, tension in ((0.0, 1.0), (1.0, -1.0), (np.nan, 1.0)):
        with pytest.raises(InvalidArgument):
            heavy_quarks.coupling_from_tension(warp, tension)
    with pytest.raises(InvalidArgument):
        heavy_quarks.coulomb_coefficient(0.0)
    for r, v in ((np.ones(2), np.ones(2)), (np.ones(3), np.ones(4)), (np.zeros(3), np.ones(3))):
        with pytest.raises(InvalidArgument):
            heavy_quarks.fit_cornell(r, v)
