r"""Bosons on a ring: :math:`H = -J\sum_j(b_j^\dagger b_{j+1} + b_{j+1}^\dagger b_j) + \tfrac U2\sum_j n_j(n_j - 1)`.

The basis holds a fixed number of bosons; a state is a row of occupation numbers. Energies are in the unit of J and U.
"""

from itertools import combinations
from math import comb

import numpy as np
from jaxtyping import Float
from scipy.sparse import coo_array, csr_array, diags_array
from scipy.sparse.linalg import eigsh

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["LARGEST", "ground_state", "hamiltonian", "occupations"]

LARGEST = 20000
"""Number of basis states up to which a basis is listed."""


@checked
def occupations(bosons: int, sites: int) -> Float[np.ndarray, "state site"]:
    """Return all ways to put bosons on sites, in lexicographic order, as rows that add up to the number of bosons.

    Examples
    --------
    >>> occupations(2, 2).tolist()
    [[0.0, 2.0], [1.0, 1.0], [2.0, 0.0]]
    """
    checks.count("bosons", bosons, maximum=LARGEST)
    checks.count("sites", sites, minimum=2, maximum=LARGEST)
    size = comb(bosons + sites - 1, bosons)
    if size > LARGEST:
        raise InvalidArgument("bosons", f"at most {LARGEST} states", f"{size} states", "take fewer bosons or sites")
    places = bosons + sites - 1  # bosons and the walls between sites, in a row
    walls = np.array(list(combinations(range(places), sites - 1)))
    return np.diff(walls, prepend=-1, append=places) - 1.0


@checked
def hamiltonian(n: Float[np.ndarray, "state site"], U: float, J: float = 1.0) -> csr_array:
    """Return H of a ring of at least three sites in a basis that `occupations` has listed.

    Examples
    --------
    >>> hamiltonian(occupations(1, 3), 5.0).toarray()[0].tolist()
    [0.0, -1.0, -1.0]
    """
    checks.array("n", n, shape=(None, None), minimum=0)
    sites, bosons = n.shape[1], int(n[0].sum()) if len(n) else 0
    whole = not (n % 1).any() and (n.sum(axis=1) == bosons).all()
    if sites < 3 or not whole or n.shape != (comb(bosons + sites - 1, bosons), sites):
        raise InvalidArgument("n", "all states of a ring of at least 3 sites", f"shape {n.shape}", "list them by occupations")
    checks.number("U", U)
    checks.number("J", J)
    if (bosons + 1) ** sites > 2**62:
        raise InvalidArgument("n", "at most 2^62 rows of digits from 0 to the number of bosons", n.shape, "take fewer sites or bosons")
    digits = (bosons + 1) ** np.arange(sites)[::-1]
    keys = n.astype(np.int64) @ digits
    order = np.argsort(keys)
    if not np.diff(keys[order]).all():
        raise InvalidArgument("n", "every state once", "some twice", "list them by occupations")
    total = diags_array(U / 2 * (n * (n - 1)).sum(1), format="csr")
    for here in range(sites):
        there = (here + 1) % sites
        start = np.flatnonzero(n[:, here] > 0)
        moved = keys[start] - digits[here] + digits[there]
        end = order[np.searchsorted(keys, moved, sorter=order)]
        element = -J * np.sqrt(n[start, here] * (n[start, there] + 1))
        hop = coo_array((element, (end, start)), shape=total.shape).tocsr()
        total = total + hop + hop.T
    return csr_array(total)


@checked
def ground_state(H: csr_array) -> tuple[float, Float[np.ndarray, " state"]]:
    """Return the lowest energy of a real Hermitian matrix of at least two rows and its state, of norm 1 and positive sum.

    Examples
    --------
    >>> round(ground_state(hamiltonian(occupations(1, 3), 5.0))[0], 12)
    -2.0
    """
    if not 2 <= H.shape[0] == H.shape[1] or not H.nnz or H.dtype.kind not in "fiu" or not abs(H - H.T).max() <= 1e-12:
        raise InvalidArgument("H", "a Hermitian matrix of two rows or more, not 0", "another one", "build it by hamiltonian")
    values, vectors = eigsh(H, k=1, which="SA", v0=np.ones(H.shape[0]), tol=1e-12)
    return float(values[0]), vectors[:, 0] * (-1 if vectors[:, 0].sum() < 0 else 1)
