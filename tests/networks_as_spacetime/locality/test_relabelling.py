"""A relabelled network is the same function: exact cases, group property, gradients and refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.locality.relabelling import network_output, relabel

WIDTHS = (5, 7, 6, 3)


def network(seed=0):
    rng = np.random.default_rng(seed)
    return [(rng.standard_normal((m, k)), rng.standard_normal(m)) for k, m in zip(WIDTHS, WIDTHS[1:], strict=False)]


def orders(seed=1):
    rng = np.random.default_rng(seed)
    return [rng.permutation(width) for width in WIDTHS]


def hidden_only(seed=1):
    return [np.arange(WIDTHS[0]), *orders(seed)[1:-1], np.arange(WIDTHS[-1])]


INPUTS = np.random.default_rng(2).standard_normal((11, WIDTHS[0]))


def test_output_of_one_linear_layer_and_of_two():
    weights, biases = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([0.5, 0.0])
    x = np.array([[1.0, 1.0]])
    assert network_output([(weights, biases)], x) == pytest.approx(np.array([[3.5, -1.0]]))
    second = (np.array([[2.0, 0.0]]), np.zeros(1))
    assert network_output([(weights, biases), second], x)[0, 0] == pytest.approx(2 * np.tanh(3.5))


@given(st.integers(min_value=0, max_value=1000))
def test_hidden_units_permuted_is_the_same_function(seed):
    assert network_output(relabel(network(), hidden_only(seed)), INPUTS) == pytest.approx(network_output(network(), INPUTS), abs=1e-13)


@given(st.integers(min_value=0, max_value=1000))
def test_all_units_permuted_is_the_same_relation(seed):
    p = orders(seed)
    relabelled = network_output(relabel(network(), p), INPUTS[:, p[0]])
    assert relabelled == pytest.approx(network_output(network(), INPUTS)[:, p[-1]], abs=1e-13)


def test_another_order_of_the_entrance_alone_is_another_function():
    p = [orders()[0], *[np.arange(width) for width in WIDTHS[1:]]]
    assert abs(network_output(relabel(network(), p), INPUTS) - network_output(network(), INPUTS)).max() > 0.1


def test_relabelling_twice_is_the_product_and_the_inverse_undoes_it():
    p, q = orders(3), orders(4)
    twice = relabel(relabel(network(), p), q)
    product = relabel(network(), [a[b] for a, b in zip(p, q, strict=True)])
    back = relabel(relabel(network(), p), [np.argsort(a) for a in p])
    for got, wanted in ((twice, product), (back, network())):
        for (w, b), (v, c) in zip(got, wanted, strict=True):
            assert np.array_equal(w, v) and np.array_equal(b, c)


def test_relabelling_keeps_the_weights_and_does_not_touch_the_network():
    layers = network()
    copies = [(w.copy(), b.copy()) for w, b in layers]
    for (w, b), (v, c) in zip(relabel(layers, orders()), copies, strict=True):
        assert np.array_equal(np.sort(w.ravel()), np.sort(v.ravel())) and np.array_equal(np.sort(b), np.sort(c))
    for (w, b), (v, c) in zip(layers, copies, strict=True):
        assert np.array_equal(w, v) and np.array_equal(b, c)


@pytest.mark.bad_input
def test_bad_input():
    layers, p = network(), orders()
    for bad in ([], None, "layers"):
        with pytest.raises(InvalidArgument, match="layers"):
            network_output(bad, INPUTS)
    with pytest.raises(InvalidArgument, match="weights"):
        network_output(layers[::-1], INPUTS)
    with pytest.raises(InvalidArgument, match="biases"):
        network_output([(layers[0][0], np.zeros(3))], INPUTS)
    with pytest.raises(InvalidArgument, match="inputs"):
        network_output(layers, INPUTS[:, 1:])
    repeated = p[1].copy()
    repeated[0] = repeated[1]
    for bad in (p[:-1], [p[0], repeated, *p[2:]], [p[0][:-1], *p[1:]], [list(p[0]), *p[1:]]):
        with pytest.raises(InvalidArgument, match="orders"):
            relabel(layers, bad)
