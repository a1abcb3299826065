"""Moves of causal tori a second: compiled chain against the same moves in plain Python.

Both chains start from the same kind of torus and try the same mixture of moves; the plain one keeps its neighbours in lists, the fastest
structure for it. Compilation is not in the time. The limit is the speed that the chapter promises, 1e7 moves a second.
"""

import random
import time

import numpy as np

from nnqg.quantum_gravity.triangulations.moves import RandomTorus

G, SLICES, LIMIT = 0.45, 8, 1e7


def start(slices, width):
    """Neighbours of a regular torus; triangle 2 e stands on edge e."""
    right, left = [0] * (2 * slices * width), [0] * (2 * slices * width)
    for t in range(slices):
        word = [n for j in range(width) for n in (2 * (t * width + j), 2 * ((t + 1) % slices * width + j) + 1)]
        for a, b in zip(word, word[1:] + word[:1], strict=True):
            right[a], left[b] = b, a
    return right, left


def plain_moves(right, left, moves, g):
    """The moves of `nnqg.quantum_gravity.triangulations.moves`, on lists."""
    draw = random.random
    for _ in range(moves):
        size, kind = len(right) // 2, int(4 * draw())
        if kind < 2:
            a = int(2 * size * draw())
            b = right[a]
            before, after = left[a], right[b]
            if (a ^ b) & 1 and before != b:
                right[before], left[b], right[b], left[a], right[a], left[after] = b, before, a, b, after, a
        elif kind == 2:
            if draw() < g * g * size / (size + 1):
                e = int(size * draw())
                for old, new in ((2 * e, 2 * size), (2 * e + 1, 2 * size + 1)):
                    after = right[old]
                    right.append(after)
                    left.append(old)
                    right[old] = left[after] = new
        else:
            e = int(size * draw())
            up, down = left[2 * e], left[2 * e + 1]
            if up % 2 == 0 and down % 2 == 1 and up != 2 * e and draw() < size / (g * g * (size - 1)):
                for side in (0, 1):
                    before, after = left[2 * e + side], right[2 * e + side]
                    right[before], left[after] = after, before
                    before, after = left[2 * size - 2 + side], right[2 * size - 2 + side]
                    if e < size - 1:
                        right[before] = left[after] = 2 * e + side
                        left[2 * e + side], right[2 * e + side] = before, after
                del right[2 * size - 2 :], left[2 * size - 2 :]


def seconds(call, repeats=5):
    """CPU seconds of one call, the median of several."""
    taken = []
    for _ in range(repeats):
        began = time.process_time()
        call()
        taken.append(time.process_time() - began)
    return float(np.median(taken))


def rows():
    """One row: moves a second of both."""
    torus = RandomTorus(SLICES, np.random.default_rng(0), g=G)
    torus.run(1000, moves=100)
    random.seed(0)
    right, left = start(SLICES, 3)
    plain = 200_000 / seconds(lambda: plain_moves(right, left, 200_000, G))
    mine = 1e7 / seconds(lambda: torus.run(1, moves=10**7))
    verdict = f"{'above' if mine >= LIMIT else 'BELOW'} the limit of {LIMIT:.0e}; compilation excluded"
    what = f"causal tori, g = {G}, {SLICES} rings, against plain Python, moves/s"
    return [{"what": what, "this book": mine, "baseline": plain, "ratio": mine / plain, "remark": verdict}]
