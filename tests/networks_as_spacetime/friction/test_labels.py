"""The classifier: its window, its gradient, and that it learns what labels can tell."""

import numpy as np
import pytest
from friction_cases import network, wavy

from nnqg import identifiability
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.friction.data import labelled_points
from nnqg.networks_as_spacetime.friction.labels import label_loss, train_on_labels
from nnqg.networks_as_spacetime.friction.network import FrictionNetwork, Particle

one = network(layers=40)
data = labelled_points(one, wavy(one)[0], (3.0, 3.0), 60, 0.1, np.random.default_rng(0))
epsilon, width = np.array([0.1]), np.array([0.03])


def test_the_window_is_zero_inside_and_one_outside():
    free = FrictionNetwork(Particle((0.0, 0.0)))
    values, w = np.zeros((1, 3)), np.array([0.01])
    outputs = [label_loss(free, values, np.array([[[0.0, v]]]), np.zeros((1, 1)), epsilon, w)[0][0] ** 0.5 for v in (0.0, 0.1, -0.1, 0.5)]
    assert outputs == pytest.approx([0.0, 0.5, 0.5, 1.0], abs=1e-6)


def test_the_gradient_of_the_loss_agrees_with_finite_differences():
    values, labels = np.array([[-0.1, -0.12, -0.05, -0.2]]), 1.0 - data.stops[None]
    _, gradient = label_loss(one, values, data.initial[None], labels, epsilon, width)
    numeric = identifiability.jacobian(lambda c: label_loss(one, c[None], data.initial[None], labels, epsilon, width)[0], values[0])
    assert gradient == pytest.approx(numeric, abs=1e-6 * np.abs(numeric).max())


def test_the_true_friction_has_hardly_any_loss():
    flat = np.full((1, 4), -0.12)
    labels = 1.0 - data.stops[None]
    truth = wavy(one)[0, :: len(wavy(one)[0]) // 16][None]
    loss = [label_loss(one, values, data.initial[None], labels, epsilon, np.array([0.01]))[0][0] for values in (truth, flat)]
    assert loss[0] < 0.02 < loss[1]


def test_training_gets_the_labels_right():
    start, labels = np.full((1, 4), -0.3), 1.0 - data.stops[None]
    trained = train_on_labels(one, start, [data], rng=np.random.default_rng(0), steps=60)
    assert trained.losses.shape == (60, 1)
    before, after = (label_loss(one, c, data.initial[None], labels, epsilon, np.array([0.05]))[0][0] for c in (start, trained.values))
    assert after < 0.6 * before


def test_training_repeats_itself():
    start = np.full((2, 4), -0.3)
    first, second = (train_on_labels(one, start, [data, data], rng=np.random.default_rng(0), steps=3).values for _ in range(2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first[0], first[1])  # each fit draws its own minibatches


@pytest.mark.bad_input
def test_bad_input_is_refused():
    start, rng = np.full((1, 4), -0.1), np.random.default_rng(0)
    right = np.ones((1, 120))
    with pytest.raises(InvalidArgument, match="tolerance"):
        label_loss(one, start, data.initial[None], right, -epsilon, width)
    with pytest.raises(InvalidArgument, match="width"):
        label_loss(one, start, data.initial[None], right, epsilon, np.array([0.0]))
    with pytest.raises(InvalidArgument, match="labels"):
        label_loss(one, start, data.initial[None], np.ones((1, 3)), epsilon, width)
    with pytest.raises(InvalidArgument, match="labels"):
        label_loss(one, start, data.initial[None], np.full((1, 120), 2.0), epsilon, width)
    with pytest.raises(InvalidArgument, match="points"):
        train_on_labels(one, start, [data, data], rng=rng)
    for name, value in (("steps", 0), ("batch", 1.5), ("rate", -0.1), ("first_width", 0.0)):
        with pytest.raises(InvalidArgument, match=name):
            train_on_labels(one, start, [data], rng=rng, **{name: value})
