"""The compiled loops behind `moves` and `graph_geometry`, whose docstrings say what they do.

Triangle ``2 e`` stands on the spacelike edge e, triangle ``2 e + 1`` hangs from it; ``right`` and ``left`` hold the neighbours of both
in their strips.
"""

from typing import no_type_check

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
@no_type_check
def _join(right, left, a, b):
    right[a], left[b] = b, a


@njit(cache=True, nogil=True)
@no_type_check
def sweep(right, left, ring, widths, state, moves, weight, target, stiffness, rng):
    """Try that many moves; state holds the number of edges, then the flips, additions and removals that were accepted.

    The numbers are drawn in the order of the page's moves, so that both make the same universes from the same seed.
    """
    size, capacity = state[0], ring.size
    for _ in range(moves):
        kind = int(4 * rng.random())
        if kind < 2:  # flip a link: swap a triangle with its right neighbour
            a = int(2 * size * rng.random())
            b = right[a]
            if (a ^ b) & 1:
                before, after = left[a], right[b]
                if before != b:
                    _join(right, left, before, b)
                    _join(right, left, b, a)
                    _join(right, left, a, after)
                state[1] += 1
        elif kind == 2:  # add an edge to the right of e
            e = int(size * rng.random())
            ratio = weight * size / (size + 1) * np.exp(-stiffness * (2 * (size - target) + 1))
            if size < capacity and (ratio >= 1.0 or rng.random() < ratio):
                for side in range(2):
                    old, new = 2 * e + side, 2 * size + side
                    _join(right, left, new, right[old])
                    _join(right, left, old, new)
                ring[size] = ring[e]
                widths[ring[e]] += 1
                size += 1
                state[2] += 1
        else:  # remove e, if the triangles on its left stand on the same edge
            e = int(size * rng.random())
            up, down = left[2 * e], left[2 * e + 1]
            if up & 1 == 0 and down & 1 == 1 and up >> 1 != e:
                ratio = size / (weight * (size - 1)) * np.exp(stiffness * (2 * (size - target) - 1))
                if ratio >= 1.0 or rng.random() < ratio:
                    size -= 1
                    widths[ring[e]] -= 1
                    ring[e] = ring[size]
                    for side in range(2):
                        gone, last = 2 * e + side, 2 * size + side
                        _join(right, left, left[gone], right[gone])
                        if e < size:  # the last edge gets the number that is free
                            _join(right, left, left[last], gone)
                            _join(right, left, gone, right[last])
                    state[3] += 1
    state[0] = size


@njit(cache=True, nogil=True)
@no_type_check
def run(right, left, ring, widths, state, sweeps, moves, weight, target, stiffness, rng, sizes, histogram):
    """Sweeps of a constant number of moves; sizes gets the number of edges after each, histogram counts the rings of each width."""
    for s in range(sweeps):
        sweep(right, left, ring, widths, state, moves, weight, target, stiffness, rng)
        sizes[s] = state[0]
        for width in widths:
            histogram[min(width, histogram.size - 1)] += 1


@njit(cache=True, nogil=True)
@no_type_check
def distances(starts, neighbours, source, distance, queue):
    """Fill distance by breadth-first search from source; vertex v is linked to neighbours[starts[v]:starts[v + 1]]."""
    distance[:] = -1
    distance[source], queue[0], first, last = 0, source, 0, 1
    while first < last:
        v = queue[first]
        first += 1
        for w in neighbours[starts[v] : starts[v + 1]]:
            if distance[w] < 0:
                distance[w] = distance[v] + 1
                queue[last] = w
                last += 1
