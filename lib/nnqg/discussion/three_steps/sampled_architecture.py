r"""A network whose units are the vertices of a sampled triangulation, and whose links are its edges.

The rings of `nnqg.quantum_gravity.triangulations.random_widths` are joined by strips, each drawn with equal probability among all strips of
that size. A field on the vertices has the finite-element action of equilateral triangles, whose edges all weigh the same:

.. math:: S = \frac{1}{2 l_0 \Delta} \sum_{\langle vw \rangle} \tfrac12 (\phi_v - \phi_w)^2 + \frac{\Delta}{l_0} \sum_v V(\phi_v) .

A field that is constant on each ring has the action of `nnqg.discussion.three_steps.layered_field`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import spsolve

from nnqg import checks
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["Architecture", "sample_architecture", "sample_strip"]


def sample_strip(rng: np.random.Generator, outer: int, inner: int) -> Int[np.ndarray, "link 2"]:
    """Draw one of the strips between two rings, all with equal probability.

    A strip is a cyclic word of ``outer`` triangles that stand on the outer ring and ``inner`` that hang from the inner one.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    outer, inner : int
        Number of vertices of the two rings, at least 1.

    Returns
    -------
    numpy.ndarray, shape (outer + inner, 2)
        The links: vertex of the outer ring, vertex of the inner ring, in cyclic order.

    Raises
    ------
    InvalidArgument
        If a ring has no vertex.

    Examples
    --------
    >>> links = sample_strip(np.random.default_rng(0), 3, 2)
    >>> len(links), sorted(set(links[:, 0].tolist())), sorted(set(links[:, 1].tolist()))
    (5, [0, 1, 2], [0, 1])

    Notes
    -----
    Used in the page ``discussion/three-steps``.
    """
    word = np.arange(checks.count("outer", outer) + checks.count("inner", inner)) < outer
    rng.shuffle(word)
    above = rng.integers(outer) + np.cumsum(word)
    below = rng.integers(inner) + np.cumsum(~word)
    return np.stack([above % outer, below % inner], axis=1)


def sample_architecture(rng: np.random.Generator, widths: Int[np.ndarray, " ring"]) -> "Architecture":
    """Join rings of given widths by random strips, and close the last one in a vertex.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    widths : numpy.ndarray of int, shape (ring,)
        Number of vertices of each ring, from the outermost one, all at least 1.

    Returns
    -------
    Architecture
        The network.

    Raises
    ------
    InvalidArgument
        If a width is not a positive integer.

    Examples
    --------
    >>> network = sample_architecture(np.random.default_rng(0), np.array([4, 3, 1]))
    >>> network.units, len(network.links)
    (9, 20)

    Notes
    -----
    Used in the page ``discussion/three-steps``.
    """
    if widths.ndim != 1 or len(widths) < 1 or not np.issubdtype(widths.dtype, np.integer) or widths.min() < 1:
        raise InvalidArgument("widths", "a vector of positive integers", repr(widths), "leave closed rings out")
    starts = np.concatenate([[0], np.cumsum(widths)])
    links = []
    for ring, width in enumerate(widths):
        vertices = starts[ring] + np.arange(width)
        links.append(np.stack([vertices, np.roll(vertices, -1)], axis=1))
        if ring + 1 < len(widths):
            links.append(starts[ring : ring + 2] + sample_strip(rng, int(width), int(widths[ring + 1])))
        else:
            links.append(np.stack([vertices, np.full(width, starts[-1])], axis=1))
    return Architecture(widths, np.concatenate(links))


@dataclass(frozen=True)
class Architecture:
    """A network with the links of a triangulated disc.

    Parameters
    ----------
    widths : numpy.ndarray of int, shape (ring,)
        Number of units of each ring; the closing unit comes last and is not counted.
    links : numpy.ndarray of int, shape (link, 2)
        Pairs of linked units; a pair may occur twice, and a unit that is a ring by itself is linked to itself.
    """

    widths: Int[np.ndarray, " ring"]
    links: Int[np.ndarray, "link 2"]

    @property
    def units(self) -> int:
        """Number of units, the closing one included."""
        return int(self.widths.sum()) + 1

    @cached_property
    def laplacian(self) -> csr_array:
        """Graph Laplacian: degrees minus links, without links of a unit to itself."""
        rows, columns = self.links[self.links[:, 0] != self.links[:, 1]].T
        ones = np.ones(2 * len(rows))
        both = (np.concatenate([rows, columns]), np.concatenate([columns, rows]))
        adjacency = csr_array((ones, both), shape=(self.units, self.units))
        return csr_array(diags_array(adjacency.sum(axis=1)) - adjacency)

    def saddle(self, source: float, spacing: float, m2: float, lam: float) -> tuple[float, float, Float[np.ndarray, " unit"]]:
        """Solve the classical field with the source on the outermost ring by Newton's method.

        Parameters
        ----------
        source : float
            The field J of all units of the outermost ring.
        spacing : float
            Distance of two rings, positive.
        m2, lam : float
            Mass squared and quartic coupling, at least 0.

        Returns
        -------
        tuple
            The action, the response dS/dJ, and the field of all units.

        Raises
        ------
        InvalidArgument
            If an argument is out of range.
        NotConverged
            If 60 steps are not enough.
        """
        source, spacing = checks.number("source", source), checks.number("spacing", spacing, above=0)
        m2, lam = checks.number("m2", m2, minimum=0), checks.number("lam", lam, minimum=0)
        first = int(self.widths[0])
        stiffness = self.laplacian / (2 * first * spacing)
        volume = np.full(self.units, spacing / first)
        volume[:first] /= 2
        volume[-1] = 0.0  # the closing unit has no width
        phi = np.full(self.units, source)
        for _ in range(60):
            slope = stiffness @ phi + volume * phi * (m2 + lam * phi**2)
            hessian = stiffness + diags_array(volume * (m2 + 3 * lam * phi**2))
            step = spsolve(hessian.tocsc()[first:, first:], slope[first:])
            phi[first:] -= step
            if abs(step).max() <= 1e-13 * (1 + abs(source)):
                action = phi @ (stiffness @ phi) / 2 + volume @ (phi**2 * (m2 / 2 + lam / 4 * phi**2))
                slope = stiffness @ phi + volume * phi * (m2 + lam * phi**2)
                return float(action), float(slope[:first].sum()), phi
        raise NotConverged("Newton's method", f"last step {abs(step).max():.1e}", "use a smaller source")
