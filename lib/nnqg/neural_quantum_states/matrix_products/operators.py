r"""A Hamiltonian with bonds as a product of matrices of operators, :math:`H = W_1 W_2 \cdots W_N` (Schollwoeck, arXiv:1008.3477).

Read from the left, a row of :math:`W_i` is what has been placed so far: nothing yet, everything, or the first matrix of a bond whose
second one is still to come. A chain needs 2 + (number of pairs) rows, a bond that skips sites carries its row along.
"""

import numpy as np
from jaxtyping import Float

from nnqg.boundary import checked
from nnqg.neural_quantum_states.spin_chains.models import SpinModel

__all__ = ["matrix_product_operator"]

Tensor = Float[np.ndarray, "_ 2 2 _"]


@checked
def matrix_product_operator(model: SpinModel) -> list[Tensor]:
    """Return one tensor a site, with axes (left, spin after, spin before, right); the outer ones have length 1.

    Examples
    --------
    >>> from nnqg.neural_quantum_states.spin_chains.models import heisenberg
    >>> [w.shape for w in matrix_product_operator(heisenberg(3))]
    [(1, 2, 2, 5), (5, 2, 2, 5), (5, 2, 2, 1)]
    """
    begun: list[object] = ["nothing"]
    tensors = []
    for site in range(model.spins):
        last = site == model.spins - 1
        crossing = [i for i in range(site + 1) if any(first == i and second > site for first, second in model.bonds)]
        waiting = [(i, a) for i in crossing for a in range(len(model.pairs))]
        open_after: list[object] = ["everything"] if last else ["nothing", *waiting, "everything"]
        w = np.zeros((len(begun), 2, 2, len(open_after)))
        for row, before in enumerate(begun):
            for column, after in enumerate(open_after):
                w[row, :, :, column] = _entry(model, site, before, after)
        tensors.append(w)
        begun = open_after
    return tensors


def _entry(model: SpinModel, site: int, before: object, after: object) -> Float[np.ndarray, "2 2"]:
    """What a site contributes between two stages."""
    if before == after:
        return np.eye(2)
    if before == "nothing" and after == "everything":
        return model.local
    if before == "nothing" and isinstance(after, tuple) and after[0] == site:
        return model.pairs[after[1]][0]
    if isinstance(before, tuple) and after == "everything":
        return model.weighted.get((before[0], site), 0.0) * model.pairs[before[1]][1]
    return np.zeros((2, 2))
