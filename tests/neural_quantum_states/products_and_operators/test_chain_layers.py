"""Matrices as chains of cores, and networks of such chains."""

import math

import numpy as np
import pytest
import torch

from nnqg.errors import Diverged, InvalidArgument
from nnqg.neural_quantum_states.products_and_operators.chain_layers import core_shapes, join, split, train

ROWS, COLUMNS = (2, 3, 4), (3, 5, 2)


def gaussian(*shape, seed=0):
    return torch.tensor(np.random.default_rng(seed).standard_normal(shape))


def error(matrix, bond):
    return float((join(split(matrix, ROWS, COLUMNS, bond)) - matrix).norm())


def test_counts_of_the_published_network():
    first, second = core_shapes((4, 4, 4, 4), (4, 7, 7, 4), 4), core_shapes((1, 10, 1, 1), (4, 4, 4, 4), 4)
    assert [sum(map(math.prod, shapes)) for shapes in (first, second)] == [1024, 736]


def test_full_bonds_are_exact():
    matrix = gaussian(24, 30)
    assert [core.shape[3] for core in split(matrix, ROWS, COLUMNS, 1000)] == [6, 8, 1]
    assert error(matrix, 1000) < 1e-13
    errors = [error(matrix, bond) for bond in range(1, 9)]
    assert errors == sorted(errors, reverse=True)


def test_entries_are_products_of_matrices():
    cores = [gaussian(*shape, seed=k) for k, shape in enumerate(core_shapes(ROWS, COLUMNS, 3))]
    matrix = join(cores)
    for j, i in (((0, 0, 0), (0, 0, 0)), ((1, 2, 3), (2, 4, 1)), ((0, 1, 2), (1, 3, 0))):
        entry = cores[0][:, j[0], i[0]] @ cores[1][:, j[1], i[1]] @ cores[2][:, j[2], i[2]]
        row, column = np.ravel_multi_index(j, ROWS), np.ravel_multi_index(i, COLUMNS)
        torch.testing.assert_close(matrix[row, column], entry[0, 0])


def test_a_chain_with_bond_d_is_found_again():
    matrix = join([gaussian(*shape, seed=k) for k, shape in enumerate(core_shapes(ROWS, COLUMNS, 3))])
    assert error(matrix, 3) < 1e-12 * matrix.norm()
    assert error(matrix, 2) > 1e-3 * matrix.norm()


def test_error_with_two_cores_is_that_of_singular_values():
    matrix = gaussian(6, 8)
    values = torch.linalg.svdvals(matrix.reshape(2, 3, 2, 4).permute(0, 2, 1, 3).reshape(4, 12))
    for bond in (1, 2, 3):
        missed = (join(split(matrix, (2, 3), (2, 4), bond)) - matrix).norm()
        torch.testing.assert_close(missed, values[bond:].norm())


def test_gradient_of_join():
    cores = [gaussian(*shape, seed=k).requires_grad_() for k, shape in enumerate(core_shapes((2, 2), (2, 3), 2))]
    assert torch.autograd.gradcheck(lambda *cores: join(cores).sin(), cores)


def test_training_separates_two_classes():
    x = torch.cat([gaussian(30, 2) + 4, gaussian(30, 2, seed=1) - 4])
    y, chosen = torch.arange(60) // 30, torch.arange(60).repeat(2, 1)
    first = [gaussian(2, 2, 2, seed=2)]
    (w,) = train(lambda w, x: w[0] @ x, first, x, y, chosen, np.random.default_rng(0), epochs=5, batch=20, rate=0.1)
    assert ((w @ x.T).argmax(-2) == y).all()
    torch.testing.assert_close(first[0], gaussian(2, 2, 2, seed=2))  # the first weights are left alone


def test_networks_do_not_see_each_other():
    x, y = gaussian(40, 3), torch.arange(40) % 2
    chosen, first = torch.stack([torch.arange(20), torch.arange(20, 40)]), gaussian(2, 2, 3)

    def scores(w, x):
        return w[0] @ x

    (both,) = train(scores, [first], x, y, chosen, np.random.default_rng(3), epochs=3, batch=7)
    for seed in range(2):
        (one,) = train(scores, [first[seed : seed + 1]], x, y, chosen[seed : seed + 1], np.random.default_rng(3), epochs=3, batch=7)
        torch.testing.assert_close(one[0], both[seed])


def call_train(**change):
    x, y = torch.ones(4, 2, dtype=torch.float64), torch.tensor([0, 1, 0, 1])
    arguments = {"images": x, "labels": y, "chosen": torch.tensor([[0, 1]]), "batch": 2} | change
    return train(lambda w, x: w[0] @ x, [torch.zeros(1, 2, 2, dtype=torch.float64)], rng=np.random.default_rng(0), **arguments)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: core_shapes((2, 2), (2, 2, 2), 2), "columns: expected as many digits as rows"),
        (lambda: core_shapes((2, 0), (2, 2), 2), "row digit: expected"),
        (lambda: core_shapes((2, 2), (2, 2), 0), "bond: expected"),
        (lambda: split(gaussian(4, 6), (2, 2), (2, 2), 2), "matrix: expected shape"),
        (lambda: split(gaussian(4, 4) * np.inf, (2, 2), (2, 2), 2), "matrix: expected finite"),
        (lambda: join([gaussian(1, 2, 2, 3), gaussian(2, 2, 2, 1)]), "cores: expected neighbours with one bond"),
        (lambda: join([gaussian(2, 2, 2, 3), gaussian(3, 2, 2, 1)]), "cores: expected a chain that begins and ends"),
        (
            lambda: join([gaussian(2, 1, 2, 2, 2), gaussian(3, 2, 2, 2, 1)]),
            "cores: expected neighbours with one bond, and one number of seeds",
        ),
        (lambda: join([gaussian(1, 2, 2, 1)] * 40), "entries of the matrix: expected"),
        (lambda: core_shapes([], np.array([]), 2), "number of digits: expected"),
        (lambda: join([gaussian(1, 2, 2, 2)]), "cores: expected a chain that begins and ends"),
        (lambda: call_train(batch=3), "batch: expected"),
        (lambda: call_train(rate=0.0), "rate: expected"),
        (lambda: call_train(epochs=0), "epochs: expected"),
        (lambda: call_train(labels=torch.tensor([0, -1, 0, 1])), "labels: expected"),
        (lambda: call_train(labels=torch.tensor([0, 9, 0, 1])), "labels: expected"),
        (lambda: call_train(chosen=torch.tensor([[0, 4]])), "chosen: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


@pytest.mark.bad_input
def test_divergence_is_an_error():
    with pytest.raises(Diverged, match="diverged at"):
        call_train(images=torch.full((4, 2), 1e200, dtype=torch.float64), rate=1e308, epochs=3)
