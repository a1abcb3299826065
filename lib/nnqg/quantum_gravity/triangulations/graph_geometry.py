r"""What a triangulation looks like to a ruler and to a random walk: graph distances and return probabilities.

A graph is the matrix of the number of links between two vertices, as discs and tori have it. The ruler counts links. The walk stays where
it is with probability 1/2 and otherwise follows one of the links of its vertex, each with the same chance; the pause removes the
difference between even and odd steps. With :math:`k_v` links at v, :math:`k_v\,p_\sigma(v, w) = k_w\,p_\sigma(w, v)`, so that

.. math:: p_{2\sigma}(v, v) = \sum_w \frac{k_v}{k_w}\, p_\sigma(v, w)^2 .

Derived in the page ``quantum-gravity/causal-triangulations``.
"""

import numpy as np
from jaxtyping import Float, Int
from scipy.sparse import csr_array, diags_array, eye_array

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.triangulations import _kernels

__all__ = ["distances", "return_probability"]


@checked
def distances(graph: csr_array, sources: Int[np.ndarray, " source"]) -> Int[np.ndarray, "source vertex"]:
    """Number of links from each source to every vertex, -1 where there is no way.

    Examples
    --------
    >>> path = csr_array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    >>> distances(path, np.array([0, 1])).tolist()
    [[0, 1, 2], [1, 0, 1]]
    """
    _check_sources(graph, sources)
    found = np.empty((len(sources), graph.shape[0]), dtype=np.int64)
    queue = np.empty(graph.shape[0], dtype=np.int64)
    for row, source in zip(found, sources, strict=True):
        _kernels.distances(graph.indptr, graph.indices, int(source), row, queue)
    return found


@checked
def return_probability(graph: csr_array, sources: Int[np.ndarray, " source"], steps: int) -> Float[np.ndarray, "step source"]:
    """Probability that the walk is back at its source after 0, 2, 4, ..., 2 ``steps`` steps, without sampling.

    Examples
    --------
    >>> pair = csr_array([[0.0, 1.0], [1.0, 0.0]])
    >>> return_probability(pair, np.array([0]), 2).ravel().tolist()  # at random after the first step
    [1.0, 0.5, 0.5]
    """
    _check_sources(graph, sources)
    degrees = np.asarray(graph.sum(axis=1)).ravel()
    if degrees.min() == 0:
        raise InvalidArgument("graph", "a link at every vertex", "an isolated vertex", "leave it out")
    root = diags_array(degrees**-0.5)
    step = ((eye_array(len(degrees)) + root @ graph @ root) / 2).tocsr()  # of p / sqrt(k), which makes it symmetric
    walkers = np.zeros((graph.shape[0], len(sources)))
    walkers[sources, np.arange(len(sources))] = 1
    found = [np.ones(len(sources))]
    for _ in range(checks.count("steps", steps, maximum=checks.MOST_STEPS)):
        walkers = step @ walkers
        found.append(np.einsum("ws,ws->s", walkers, walkers))
    return np.array(found)


def _check_sources(graph: csr_array, sources: np.ndarray) -> None:
    if sources.ndim != 1 or not len(sources) or not 0 <= sources.min() <= sources.max() < graph.shape[0]:
        raise InvalidArgument("sources", f"vertices from 0 to {graph.shape[0] - 1}", repr(sources), "choose some of them")
