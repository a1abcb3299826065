"""A product of operators is the Hamiltonian that it was made from."""

import numpy as np
import pytest

from nnqg.neural_quantum_states.matrix_products.operators import matrix_product_operator
from nnqg.neural_quantum_states.spin_chains.models import chain_bonds, heisenberg, ising, square_bonds


def multiply_out(operator):
    whole = np.ones((1, 1, 1))
    for w in operator:
        whole = np.einsum("xya,astb->xsytb", whole, w).reshape(2 * len(whole), 2 * len(whole), -1)
    return whole[..., 0]


@pytest.mark.parametrize(
    "model",
    [
        ising(2, 0.3),
        ising(6, 0.7),
        ising(6, 0.7, chain_bonds(6, ring=True)),
        heisenberg(5),
        heisenberg(9, square_bonds(3)),
        heisenberg(9, square_bonds(3, periodic=True)),
        heisenberg(6, [(i, j) for j in range(6) for i in range(j)], list(np.arange(15) - 7.0)),
        ising(4, 1.0, [(0, 3)]),
    ],
    ids=["pair", "chain", "ring", "heisenberg", "square", "torus", "all to all", "one bond"],
)
def test_product_is_the_hamiltonian(model):
    np.testing.assert_allclose(multiply_out(matrix_product_operator(model)), model.sparse.toarray(), atol=1e-13)


def test_chains_need_few_rows():
    assert max(w.shape[0] for w in matrix_product_operator(ising(30, 1.0))) == 3
    assert max(w.shape[0] for w in matrix_product_operator(heisenberg(30))) == 5
