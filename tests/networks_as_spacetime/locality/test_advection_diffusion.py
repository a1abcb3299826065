"""Random fields and their exact evolution: statistics, closed forms, group property and refusals."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.locality.advection_diffusion import (
    evolution_factors,
    field_spectrum,
    filter_fields,
    random_fields,
    translation_invariant,
)

X = 2 * np.pi * np.arange(21) / 21


def test_the_spectrum_has_its_shape_and_its_average():
    s = field_spectrum(21, 3.0, 2.0)
    assert s[3] / s[0] == pytest.approx(1 / 4)
    assert (2 * s.sum() - s[0]) / 21 == pytest.approx(1.0)


def test_fields_have_the_covariance():
    s = field_spectrum(9, 2.0, 2.0)
    fields = random_fields(np.random.default_rng(0), 40000, s)
    exact = translation_invariant(s)
    assert np.diag(exact) == pytest.approx(np.ones(9))
    assert np.linalg.eigvalsh(exact) == pytest.approx(np.sort([s[0], *np.repeat(s[1:], 2)]))
    assert fields.T @ fields / 40000 == pytest.approx(exact, abs=5 * np.sqrt(2 / 40000))


def test_plane_waves_travel_and_fade():
    wave = np.cos(3 * X) + 0.5 * np.sin(2 * X)
    after = filter_fields(wave, evolution_factors(21, 0.7, 0.1, 1.3))
    y = X - 0.7 * 1.3
    assert after == pytest.approx(np.exp(-0.1 * 9 * 1.3) * np.cos(3 * y) + 0.5 * np.exp(-0.1 * 4 * 1.3) * np.sin(2 * y), abs=1e-13)


def test_advection_by_whole_sites_is_a_translation_and_time_adds_up():
    field = np.random.default_rng(0).standard_normal(21)
    assert filter_fields(field, evolution_factors(21, 1.0, 0.0, 2 * X[1])) == pytest.approx(np.roll(field, 2), abs=1e-13)
    once = evolution_factors(21, 1.0, 0.2, 0.3)
    assert once**2 == pytest.approx(evolution_factors(21, 1.0, 0.2, 0.6))
    assert filter_fields(field, once).sum() == pytest.approx(field.sum())


def test_small_times_obey_the_equation_to_second_order():
    field, errors = np.exp(np.sin(X)), []
    rate = filter_fields(field, -1j * np.arange(11) - 0.3 * np.arange(11) ** 2)
    for t in (1e-3, 5e-4):
        errors.append(abs(filter_fields(field, evolution_factors(21, 1.0, 0.3, t)) - field - t * rate).max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.02)


def test_the_matrix_is_the_filter():
    factors, fields = evolution_factors(21, 1.0, 0.1, 0.2), np.random.default_rng(1).standard_normal((3, 21))
    matrix = translation_invariant(factors)
    assert fields @ matrix.T == pytest.approx(filter_fields(fields, factors), abs=1e-13)
    assert np.roll(matrix, (1, 1), axis=(0, 1)) == pytest.approx(matrix, abs=1e-14)


@pytest.mark.bad_input
def test_bad_input():
    for bad in (4, 1, 0, 5.0, True):
        with pytest.raises(InvalidArgument, match="sites"):
            field_spectrum(bad, 1.0, 1.0)
        with pytest.raises(InvalidArgument, match="sites"):
            evolution_factors(bad, 1.0, 1.0, 1.0)
    for name, values in {"bend": (0.0, 1.0), "power": (1.0, -1.0)}.items():
        with pytest.raises(InvalidArgument, match=name):
            field_spectrum(5, *values)
    for name, values in {"velocity": (np.nan, 1, 1), "diffusivity": (1, -1, 1), "time": (1, 1, -1)}.items():
        with pytest.raises(InvalidArgument, match=name):
            evolution_factors(5, *values)
    rng = np.random.default_rng(0)
    for bad in (np.array([-1.0, 1.0]), None, np.ones((2, 2))):
        with pytest.raises(InvalidArgument, match="spectrum"):
            random_fields(rng, 1, bad)
    with pytest.raises(InvalidArgument, match="samples"):
        random_fields(rng, 0, np.ones(2))
    for bad in (np.zeros(4), np.zeros(5), None):
        with pytest.raises(InvalidArgument, match="fields"):
            filter_fields(bad, np.ones(2))
    for bad in (None, np.ones(1), np.array([np.nan, 1.0]), np.ones(3, dtype=int)):
        with pytest.raises(InvalidArgument, match="factors"):
            filter_fields(np.zeros(5), bad)
        with pytest.raises(InvalidArgument, match="factors"):
            translation_invariant(bad)
