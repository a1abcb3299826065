"""The published labels: fit, augmentation, the objective's numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnqg import data_sets
from nnqg.emergent_spacetime.condensate.data import PUBLISHED, LabelledData, Objective, augment, fit_curve
from nnqg.errors import InvalidArgument


@pytest.fixture(scope="module")
def lattice():
    columns = data_sets.load("chiral-condensate").columns
    return columns["quark_mass"], columns["condensate"]


def test_the_grid_is_that_of_the_public_code():
    assert PUBLISHED.layers == 15
    assert PUBLISHED.step == pytest.approx(-(14 / 15) / 15)
    assert PUBLISHED.eta[[0, -1]] == pytest.approx([1.0, 1 - 14 * 14 / 15 / 15])
    assert PUBLISHED.smoothness_weights[[0, -1]] == pytest.approx([0.01, 0.01 * (1 - 13 * 14 / 225) ** 4])


def test_a_fifth_order_fit_goes_through_all_six_points_and_a_cubic_does_not(lattice):
    assert fit_curve(*lattice, 5)(lattice[0]) == pytest.approx(lattice[1], abs=1e-12)
    missed = np.abs(fit_curve(*lattice)(lattice[0]) / lattice[1] - 1)
    assert 0.01 < missed.max() < 0.05


def test_true_points_lie_near_the_curve_as_often_as_the_noise_says(lattice):
    cubic = fit_curve(*lattice)
    data = augment(cubic, np.random.default_rng(3), each=4000)
    assert (data.label == 0).sum() == (data.label == 1).sum() == 4000
    distance = np.abs(data.condensate - cubic(data.mass))[data.label == 0]
    # uniform below |N(0, s)|: density ~ erfc(x / s sqrt 2), whose mean is s sqrt(pi / 8)
    assert distance.mean() == pytest.approx(0.004 * np.sqrt(np.pi / 8), rel=0.05)


def test_the_generator_decides(lattice):
    cubic = fit_curve(*lattice)
    first, second, other = (augment(cubic, np.random.default_rng(seed), each=50).mass for seed in (1, 1, 2))
    assert (first == second).all() and not (first == other).any()


@settings(max_examples=20)
@given(each=st.integers(1, 30), noise=st.floats(1e-3, 1e-2))
def test_labels_are_balanced_and_inside_the_box(each, noise):
    data = augment(np.polynomial.Polynomial([0.0, 5.0]), np.random.default_rng(each), each=each, noise=noise)
    assert data.label.sum() == each == data.label.size - each
    assert data.mass.min() >= 0 and data.mass.max() <= 0.022 and data.condensate.min() >= 0 and data.condensate.max() <= 0.11


@pytest.mark.bad_input
def test_bad_input_is_refused(lattice):
    mass, condensate = lattice
    line = np.polynomial.Polynomial([0.0, 5.0])
    generator = np.random.default_rng(1)
    for call in (
        lambda: fit_curve(mass[:3], condensate),
        lambda: fit_curve(mass, condensate * np.nan),
        lambda: fit_curve(mass, condensate, degree=6),
        lambda: fit_curve(list(mass), condensate),
        lambda: augment(line, generator, each=0),
        lambda: augment(line, generator, noise=-1.0),
        lambda: augment(line, generator, mass_range=(1.0, 0.0)),
        lambda: augment(np.polynomial.Polynomial([9.0]), generator, each=1),
        lambda: Objective(layers=1),
        lambda: Objective(eta_fin=2.0),
        lambda: Objective(eta_ini=2.0),
        lambda: Objective(dimension=3),
        lambda: Objective(m2=-2.0),
        lambda: Objective(edge=0.0),
        lambda: Objective(smoothness=-1.0),
        lambda: LabelledData(mass, condensate, np.full(6, 0.5)),
        lambda: LabelledData(mass, condensate[:2], np.zeros(6)),
        lambda: LabelledData(np.array(1.0), np.ones(1), np.ones(1)),
        lambda: LabelledData(mass[None], condensate[None], np.zeros((1, 6))),
        lambda: LabelledData(mass[:0], condensate[:0], np.zeros(0)),
    ):
        with pytest.raises(InvalidArgument, match="expected .* got .* Remedy"):
            call()
