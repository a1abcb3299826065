r"""What the connections of a layer say about its units: relabellings that change nothing, and distances.

An automorphism of a matrix M is a permutation p of the units with

.. math:: M_{p(i)\,p(j)} = M_{ij} \quad \text{for all } i, j .

If M says only which connections exist, these are the automorphisms of a graph. They are found by trying: one unit after the other is
given an image, and an image that contradicts an entry of M is dropped at once. A layer that forbids nothing has all n! of them, so there
n has to be small. Derived on the page ``networks-as-spacetime/when-is-a-network-a-space``.
"""

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.sparse.csgraph import shortest_path

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["automorphisms", "graph_distances", "ring_order"]

MOST = 50_000


@checked
def automorphisms(matrix: Float[np.ndarray, "unit unit"]) -> Int[np.ndarray, "automorphism unit"]:
    r"""All permutations p of the units with :math:`M_{p(i) p(j)} = M_{ij}`, compared exactly.

    The matrix holds weights, or 1.0 and 0.0 for connections that do and do not exist. The images are in lexical order; the first
    permutation is the identity.

    Examples
    --------
    >>> len(automorphisms(np.ones((4, 4)))), len(automorphisms(np.diag([1.0, 1.0, 2.0])))
    (24, 2)
    """
    checks.array("matrix", matrix, shape=("unit", "unit"))
    units, found = len(matrix), []
    images: list[int] = []

    def extend() -> None:
        """Give the next unit every image that agrees with the images so far."""
        i = len(images)
        if i == units:
            found.append(images.copy())
            if len(found) > MOST:
                raise InvalidArgument("matrix", f"at most {MOST} automorphisms", "more", "take fewer units, or a layer that forbids more")
            return
        fits = matrix.diagonal() == matrix[i, i]
        fits[images] = False
        for j, image in enumerate(images):
            fits &= (matrix[:, image] == matrix[i, j]) & (matrix[image] == matrix[j, i])
        for image in np.flatnonzero(fits).tolist():
            images.append(image)
            extend()
            images.pop()

    extend()
    return np.array(found)


@checked(infinite=("return",))
def graph_distances(connected: Bool[np.ndarray, "unit unit"]) -> Float[np.ndarray, "unit unit"]:
    """Smallest number of layers that takes a signal from one unit to another, if all layers have the same connections.

    Entry (i, j) of ``connected``: the exit i sees the entrance j. Entry (i, j) of the result: layers from j to i; infinite without a way.

    Examples
    --------
    >>> graph_distances(np.eye(3, k=-1, dtype=bool))[2]
    array([2., 1., 0.])
    """
    if not isinstance(connected, np.ndarray) or connected.dtype != bool or connected.ndim != 2 or len(set(connected.shape)) != 1:
        raise InvalidArgument("connected", "a square array of bool", repr(connected)[:60], "compare the weights with 0")
    ways = np.ascontiguousarray(connected.T, dtype=float)  # scipy counts from row to column
    return shortest_path(ways, unweighted=True).T


@checked
def ring_order(distances: Float[np.ndarray, "unit unit"]) -> Int[np.ndarray, " unit"]:
    r"""Units of a ring in their order, from nothing but their distances (classical scaling).

    The two leading eigenvectors of :math:`-\frac12 H d^2 H`, where H subtracts the mean, place the units in a plane;
    they are sorted by angle.

    Where the ring begins and which way round it goes is left open.

    Examples
    --------
    >>> ring_order(np.array([[0.0, 2, 1, 1], [2, 0, 1, 1], [1, 1, 0, 2], [1, 1, 2, 0]])).size  # 0 2 1 3, from some unit on
    4
    """
    checks.array("distances", distances, shape=("unit", "unit"))
    if not np.array_equal(distances, distances.T):
        raise InvalidArgument("distances", "a symmetric matrix", "one that is not", "let signals run both ways")
    if (distances + np.eye(len(distances)) <= 0).any() or distances.diagonal().any():
        raise InvalidArgument("distances", "0 from a unit to itself, and more to the others", "others", "pass distances, not similarities")
    centred = np.eye(len(distances)) - 1 / len(distances)
    plane = np.linalg.eigh(-centred @ distances**2 @ centred / 2)[1][:, -2:]  # unit coordinate
    return np.argsort(np.arctan2(plane[:, -1], plane[:, 0]))
