r"""Regge calculus in two dimensions: a fixed closed triangulation whose edge lengths are variables (Regge 1961).

Triangles are flat, and all curvature sits in the vertices: the deficit of v is :math:`\delta_v = 2\pi - \sum_{\text{triangles at } v}
\theta_v`, differentiable by the lengths. :math:`\sum_v \delta_v = 2\pi\chi` whatever the lengths (Gauss and Bonnet).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from torch import Tensor

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.regge_calculus.simplicial_complex import SimplicialComplex

__all__ = ["ReggeSurface", "icosahedron", "torus"]


@checked
@dataclass(frozen=True)
class ReggeSurface(SimplicialComplex):
    """A closed surface of triangles, given by their corners; its hinges are its vertices.

    Examples
    --------
    >>> import torch
    >>> sphere = icosahedron()
    >>> round(float(sphere.deficits(torch.ones(30, dtype=torch.float64)).sum() / np.pi), 12)
    4.0
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.dimension != 2 or self.on_boundary.any():
            raise InvalidArgument("cells", "triangles, two at every edge", f"{self.on_boundary.sum()} hinges outside", "close the surface")

    @property
    def triangles(self) -> Int[np.ndarray, "triangle 3"]:
        """Corners of the triangles."""
        return self.cells

    @property
    def sides(self) -> Int[np.ndarray, "triangle 3"]:
        """Number of the edge across from each corner."""
        return self._number_of_edge[np.roll(self.cells, -1, axis=1), np.roll(self.cells, 1, axis=1)]

    def area(self, lengths: Float[Tensor, " edge"]) -> Float[Tensor, ""]:
        """Return the area of the surface; gradients by the lengths pass."""
        return self.volumes(lengths).sum()


@checked
def icosahedron() -> ReggeSurface:
    """Return the sphere of 20 triangles, 30 edges and 12 vertices.

    Examples
    --------
    >>> len(icosahedron().edges), icosahedron().vertices
    (30, 12)
    """
    ring = np.arange(5)
    upper, lower = 1 + ring, 6 + ring
    after = np.roll(ring, -1)
    faces = [np.stack([np.zeros(5, int), upper, upper[after]]), np.stack([upper, lower, upper[after]])]
    faces += [np.stack([upper[after], lower, lower[after]]), np.stack([np.full(5, 11), lower[after], lower])]
    return ReggeSurface(np.concatenate(faces, axis=1).T)


@checked
def torus(size: int) -> ReggeSurface:
    """Return a square lattice with periodic ends and at least 3 squares a side, each square cut along one diagonal.

    Examples
    --------
    >>> surface = torus(4)
    >>> surface.vertices, len(surface.edges), len(surface.triangles)
    (16, 48, 32)
    """
    size = checks.count("size", size, minimum=3)
    i, j = (x.ravel() for x in np.meshgrid(np.arange(size), np.arange(size), indexing="ij"))

    def at(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return size * (a % size) + b % size

    first = np.stack([at(i, j), at(i + 1, j), at(i + 1, j + 1)], axis=1)
    return ReggeSurface(np.concatenate([first, np.stack([at(i, j), at(i + 1, j + 1), at(i, j + 1)], axis=1)]))
