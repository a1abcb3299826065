r"""Regge calculus in two dimensions: a fixed triangulation whose edge lengths are variables (Regge 1961).

Triangles are flat, and all curvature sits in the vertices: the deficit of v is :math:`\delta_v = 2\pi - \sum_{\text{triangles at } v}
\theta_v`, with the angles from the law of cosines, so that autograd differentiates curvature by lengths. :math:`\sum_v \delta_v =
2\pi\chi` whatever the lengths (Gauss and Bonnet).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from nnqg import checks
from nnqg.errors import InvalidArgument

__all__ = ["ReggeSurface", "icosahedron", "torus"]


@dataclass(frozen=True)
class ReggeSurface:
    """A closed triangulated surface, given by the corners of its triangles: the architecture; lengths of its edges are the weights.

    Examples
    --------
    >>> sphere = icosahedron()
    >>> round(float(sphere.deficits(torch.ones(30, dtype=torch.float64)).sum() / np.pi), 12)
    4.0
    """

    triangles: Int[np.ndarray, "triangle 3"]

    def __post_init__(self) -> None:
        counts = np.unique(self._opposite.reshape(-1, 2), axis=0, return_counts=True)[1]
        if (counts != 2).any():
            raise InvalidArgument("triangles", "every edge in two triangles", f"counts {np.unique(counts)}", "close the surface")

    @property
    def _opposite(self) -> np.ndarray:
        """The edge across from each corner, as a sorted pair of vertices."""
        return np.sort(self.triangles[:, [[1, 2], [2, 0], [0, 1]]], axis=-1)

    @cached_property
    def edges(self) -> Int[np.ndarray, "edge 2"]:
        """Pairs of vertices, in the order of the lengths."""
        return np.unique(self._opposite.reshape(-1, 2), axis=0)

    @cached_property
    def sides(self) -> Int[np.ndarray, "triangle 3"]:
        """Number of the edge across from each corner."""
        return np.unique(self._opposite.reshape(-1, 2), axis=0, return_inverse=True)[1].reshape(-1, 3)

    @property
    def vertices(self) -> int:
        """Number of vertices."""
        return int(self.triangles.max()) + 1

    def deficits(self, lengths: Float[Tensor, " edge"]) -> Float[Tensor, " vertex"]:
        """Return the curvature of every vertex, in radians; gradients by the lengths pass."""
        cosines = self._cosines(lengths)
        around = torch.zeros(self.vertices, dtype=lengths.dtype)
        return 2 * np.pi - around.index_add(0, torch.as_tensor(self.triangles.ravel()), torch.arccos(cosines).ravel())

    def area(self, lengths: Float[Tensor, " edge"]) -> Float[Tensor, ""]:
        """Return the area of the surface; gradients by the lengths pass."""
        cosine = self._cosines(lengths)[:, 0]
        two = lengths[torch.as_tensor(self.sides[:, 1:])]
        return (two.prod(dim=1) * torch.sqrt(1 - cosine**2)).sum() / 2

    def _cosines(self, lengths: Tensor) -> Tensor:
        checks.tensor("lengths", lengths, shape=(len(self.edges),))
        a = lengths[torch.as_tensor(self.sides)]  # triangle corner: the side across from it
        b, c = torch.roll(a, -1, dims=1), torch.roll(a, 1, dims=1)
        cosines = (b**2 + c**2 - a**2) / (2 * b * c)
        if float(lengths.detach().min()) <= 0 or float(cosines.detach().abs().max()) >= 1:
            raise InvalidArgument("lengths", "lengths that form triangles", lengths.detach().min().item(), "stay closer to equal lengths")
        return cosines


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
