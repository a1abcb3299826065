"""Least squares finds the truth it was given, keeps its bounds, and a mixture of equals is one network."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.entanglement_features import cylinder
from nnqg.quantum_gravity.entanglement_features.training import fit, mix

REGIONS = np.random.default_rng(0).random((12, 8)) < 0.5


def model(couplings):
    return cylinder.entropies(couplings, REGIONS)


def test_couplings_of_one_ring_come_back():
    truth = np.array([0.3, 0.8])
    found = fit(model, model(truth)[0], np.array([0.5, 0.5]))
    np.testing.assert_allclose(found.parameters, truth, atol=1e-6)
    assert found.rms < 1e-7
    np.testing.assert_allclose(found.slopes, model(truth)[1] / model(truth)[0][:, None], atol=1e-5)


def test_bounds_and_weights():
    truth = np.array([0.3, 0.8])
    data = model(truth)[0]
    assert fit(model, data, np.array([0.1, 0.1]), upper=0.5).parameters.max() <= 0.5
    wrong = data.copy()
    wrong[0] *= 2
    ignored = fit(model, wrong, np.array([0.5, 0.5]), weights=np.append(0.0, np.ones(11)))
    np.testing.assert_allclose(ignored.parameters, truth, atol=1e-6)


def test_a_mixture_of_equals_is_one_network():
    couplings = np.array([0.2, 0.3, 0.7, 0.4])
    alone = model(couplings)
    S, slopes = mix(model, np.stack([couplings, couplings]), np.array([0.4, 1.0]))
    np.testing.assert_allclose(S, alone[0], atol=1e-12)
    np.testing.assert_allclose(slopes[:, :4] + slopes[:, 4:8], alone[1], atol=1e-12)
    np.testing.assert_allclose(slopes[:, 8:], 0, atol=1e-12)


def test_purities_are_averaged_and_derivatives_are_of_second_order():
    rng = np.random.default_rng(1)
    x = np.append(rng.uniform(0.1, 0.9, 8), [0.3, 1.2])

    def mixture(x):
        return mix(model, x[:8].reshape(2, 4), x[8:])

    p = np.exp(x[8:]) / np.exp(x[8:]).sum()
    purity = p[0] * np.exp(-model(x[:4])[0]) + p[1] * np.exp(-model(x[4:8])[0])
    S, slopes = mixture(x)
    np.testing.assert_allclose(np.exp(-S), purity, rtol=1e-12)
    misses = []
    for step in (2e-3, 1e-3):
        ahead, behind = (np.stack([mixture(x + sign * step * e)[0] for e in np.eye(10)], axis=1) for sign in (1, -1))
        misses.append(abs((ahead - behind) / (2 * step) - slopes).max())
    assert np.log2(misses[0] / misses[1]) == pytest.approx(2, abs=0.05)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: fit(model, np.zeros(12), np.full(2, 0.5)),
        lambda: fit(model, np.full(12, np.nan), np.full(2, 0.5)),
        lambda: fit(model, np.ones(12), np.full(2, 5.0)),
        lambda: fit(model, np.ones(12), np.full(2, 0.5), weights=np.ones(3)),
        lambda: fit(model, np.ones(12), np.full(2, 0.5), evaluations=0),
        lambda: fit(model, np.ones(1), np.full(2, 0.5)),
        lambda: mix(model, np.ones((2, 4)), np.ones(3)),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
