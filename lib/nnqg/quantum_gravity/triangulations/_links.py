"""The graph of a triangulation."""

import numpy as np
from jaxtyping import Int
from scipy.sparse import csr_array


def graph_of(links: Int[np.ndarray, "link 2"], vertices: int) -> csr_array:
    """Number of links between two vertices; links of a vertex to itself are left out."""
    rows, columns = links[links[:, 0] != links[:, 1]].T
    both = (np.concatenate([rows, columns]), np.concatenate([columns, rows]))
    return csr_array((np.ones(len(both[0])), both), shape=(vertices, vertices))
