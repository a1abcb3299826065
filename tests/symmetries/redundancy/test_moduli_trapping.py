"""A field that makes particles and is held: exact numbers for one pass, energy, the turning point and the shrinking orbit."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument, NotConverged
from nnqg.symmetries.redundancy import moduli_trapping
from nnqg.symmetries.redundancy.moduli_trapping import orbit


@pytest.mark.parametrize("mu", [0.0, 0.2])
def test_one_pass_makes_the_particles_of_the_parabolic_cylinder(mu):
    g, v = 2.5, 1.0
    one = orbit(g, v, mu, modes=48)
    first = one.density[np.searchsorted(one.times, 6.0)]
    exact = (g * v) ** 1.5 / (2 * np.pi) ** 3 * np.exp(-np.pi * g * mu**2 / v)
    assert first == pytest.approx(exact, rel=0.03)


def test_the_weaker_the_particles_pull_the_better_the_estimate():
    ratios = []
    for g in (2.5, 3.0, 4.0):
        ratios.append(orbit(g, 1.0, modes=48, cutoff=2.6).turns[0].real / (4 * np.pi**3 / g**2.5))
    assert ratios == sorted(ratios)
    assert 1.0 < ratios[0] < 1.03


def test_the_energy_is_conserved():
    one = orbit(4.0, 1.0, turns=2)
    assert one.energy[0] == pytest.approx(0.5, abs=2e-3)  # and the share of the adiabatic vacuum
    assert np.ptp(one.energy) < 1e-5


def test_scaling_of_the_field_with_its_speed():
    """With t in units of 1 / sqrt(gv) only g is left: phi ~ sqrt(v / g) at fixed g."""
    slow, fast = orbit(4.0, 1.0, modes=32), orbit(4.0, 4.0, modes=32)
    assert fast.turns[0] == pytest.approx(2 * slow.turns[0], rel=1e-5)


def test_the_orbit_shrinks_and_crosses():
    turns = orbit(4.0, 1.0, turns=4).turns.real
    assert (np.diff(abs(turns)) < 0).all()
    assert (np.sign(turns) == [1, -1, 1, -1]).all()


def test_more_modes_change_nothing():
    few, many = (orbit(4.0, 1.0, turns=3, modes=modes).turns for modes in (64, 128))
    assert few == pytest.approx(many, abs=2e-3)


def test_a_field_that_does_not_turn_is_an_error(monkeypatch):
    found = type("Found", (), {"status": 0, "t_events": [[]]})
    monkeypatch.setattr(moduli_trapping, "solve_ivp", lambda *_, **__: found)
    with pytest.raises(NotConverged, match="0 of 1 turning points"):
        orbit(1.0, 1.0)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"g": 0.0}, "g"),
        ({"v": -1.0}, "v"),
        ({"mu": -0.1}, "mu"),
        ({"turns": 0}, "turns"),
        ({"modes": 2}, "modes"),
        ({"cutoff": np.nan}, "cutoff"),
    ],
)
def test_bad_input_is_refused_by_name(arguments, name):
    with pytest.raises(InvalidArgument, match=f"^{name}:"):
        orbit(**{"g": 4.0, "v": 1.0} | arguments)
