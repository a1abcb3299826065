r"""Regge calculus in any dimension d >= 2: flat simplices whose edge lengths are the metric (Regge, Nuovo Cim. 19 (1961) 558).

With :math:`G_{ij} = \frac12 (l_{0i}^2 + l_{0j}^2 - l_{ij}^2)`, the Gram matrix of the edges from corner 0, a simplex has the volume
:math:`\sqrt{\det G}/d!`, and the gradients of its barycentric coordinates :math:`\lambda_i` have the products

.. math::

    H_{ij} = \nabla\lambda_i \cdot \nabla\lambda_j = (B\, G^{-1} B^T)_{ij}, \qquad B_{0j} = -1, \quad B_{ij} = \delta_{ij}.

So the dihedral angle at the *hinge*, the face without the corners i and j, has :math:`\cos\theta_{ij} = -H_{ij}/\sqrt{H_{ii} H_{jj}}`.
All curvature sits in hinges, as a deficit :math:`\delta_h = 2\pi - \sum \theta` (on a boundary :math:`\pi - \sum\theta`, Hartle and
Sorkin 1981), and

.. math::

    S = \sum_h A_h \delta_h - \Lambda \sum_\sigma V_\sigma \quad\to\quad \tfrac12 \int\! \sqrt g\, (R - 2\Lambda) \qquad (8\pi G = 1).

Lengths exist as a geometry if G is positive definite (for a triangle: the triangle inequality; in general that of Cayley and Menger);
everything else is refused. Functions of lengths take leading batch dimensions and pass gradients. Hinges of surfaces are vertices with
:math:`A = 1`. The page is ``regge-calculus``.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from math import factorial

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy.spatial import ConvexHull, QhullError
from torch import Tensor

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["SimplicialComplex", "cone", "cross_polytope", "hull", "simplex_boundary", "six_hundred_cell", "six_hundred_points"]

DEGENERATE = 1e-12
"""Square of the smallest height of a corner over the edges before it, in units of its own edge's square."""


@checked
@dataclass(frozen=True)
class SimplicialComplex:
    """Simplices of one dimension glued along faces, given by their corners: the architecture; the lengths of its edges are the weights.

    Examples
    --------
    >>> sphere = simplex_boundary(4)
    >>> lengths = torch.ones(len(sphere.edges), dtype=torch.float64)
    >>> round(float(sphere.action(lengths)), 6)
    25.903071
    """

    cells: Int[np.ndarray, "cell corner"]

    def __post_init__(self) -> None:
        if self.cells.ndim != 2 or self.cells.shape[1] < 3 or not len(self.cells):
            raise InvalidArgument("cells", "rows of at least 3 corners", f"shape {self.cells.shape}", "one simplex a row")
        if (np.diff(np.sort(self.cells, axis=1), axis=1) == 0).any():
            raise InvalidArgument("cells", "different corners in a simplex", "one that occurs twice", "leave degenerate simplices out")
        if not np.array_equal(np.unique(self.cells), np.arange(self.vertices)):
            raise InvalidArgument("cells", "vertices 0, 1, ... without gaps", np.unique(self.cells), "number them with np.unique")
        if (most := int(np.bincount(self._faces(self.dimension)[1].ravel()).max())) > 2:
            raise InvalidArgument("cells", "at most two simplices at a face", most, "glue a manifold")

    @property
    def dimension(self) -> int:
        """Dimension d of the simplices, which have d + 1 corners."""
        return int(self.cells.shape[1]) - 1

    @property
    def vertices(self) -> int:
        """Number of vertices."""
        return int(self.cells.max()) + 1

    @cached_property
    def edges(self) -> Int[np.ndarray, "edge 2"]:
        """Pairs of vertices, in the order of the lengths."""
        return self._faces(2)[0]

    @cached_property
    def hinges(self) -> Int[np.ndarray, "hinge corner"]:
        """Corners of the hinges, in the order of the deficits."""
        return self._faces(self.dimension - 1)[0]

    @cached_property
    def on_boundary(self) -> Int[np.ndarray, " hinge"]:
        """1 for a hinge in a face that belongs to one simplex only, else 0."""
        faces, of_cell = self._faces(self.dimension)
        outer = faces[np.bincount(of_cell.ravel()) == 1]
        rims = {tuple(hinge) for face in outer.tolist() for hinge in combinations(face, self.dimension - 1)}
        return np.array([int(tuple(hinge) in rims) for hinge in self.hinges.tolist()])

    def volumes(self, lengths: Float[Tensor, "*batch edge"]) -> Float[Tensor, "*batch cell"]:
        """Return the volume of every simplex."""
        return self._measure(self._squares(lengths, self.cells))

    def areas(self, lengths: Float[Tensor, "*batch edge"]) -> Float[Tensor, "*batch hinge"]:
        """Return the size of every hinge: an area in four dimensions, a length in three, 1 in two."""
        if self.dimension == 2:
            return lengths.new_ones((*lengths.shape[:-1], len(self.hinges)))
        return self._measure(self._squares(lengths, self.hinges))

    def gradients(self, lengths: Float[Tensor, "*batch edge"]) -> Float[Tensor, "*batch cell corner corner"]:
        r"""Return the products :math:`H_{ij}` of the gradients of barycentric coordinates in every simplex."""
        root = _root(_gram(self._squares(lengths, self.cells)))
        d = self.dimension
        B = torch.cat([-lengths.new_ones(1, d), torch.eye(d, dtype=lengths.dtype)])
        half = torch.linalg.solve_triangular(root, B.T.expand(*root.shape[:-2], d, d + 1), upper=False)
        return half.mT @ half

    def angles(self, lengths: Float[Tensor, "*batch edge"]) -> Float[Tensor, "*batch cell pair"]:
        """Return the dihedral angles, in radians; the pairs are those of ``itertools.combinations`` of the corners left out."""
        H = self.gradients(lengths)
        i, j = np.triu_indices(self.dimension + 1, 1)
        return torch.arccos(-H[..., i, j] / torch.sqrt(H[..., i, i] * H[..., j, j]))

    def deficits(self, lengths: Float[Tensor, "*batch edge"]) -> Float[Tensor, "*batch hinge"]:
        """Return the curvature of every hinge, in radians: what is missing to a full turn, on the boundary to half of one."""
        around = torch.zeros(*lengths.shape[:-1], len(self.hinges), dtype=lengths.dtype)
        around = around.index_add(-1, self._hinge_at_pair, self.angles(lengths).flatten(-2))
        return torch.as_tensor(np.pi * (2 - self.on_boundary)) - around

    def action(self, lengths: Float[Tensor, "*batch edge"], Lambda: float = 0.0) -> Float[Tensor, "*batch"]:
        r"""Return :math:`\sum A\delta - \Lambda \sum V`, in units with :math:`8\pi G = 1`."""
        curvature = (self.areas(lengths) * self.deficits(lengths)).sum(-1)
        return curvature - checks.number("Lambda", Lambda) * self.volumes(lengths).sum(-1)

    def stiffness(self, lengths: Float[Tensor, "*batch edge"]) -> Float[Tensor, "*batch vertex vertex"]:
        r"""Return K with :math:`\int (\nabla\phi)^2 = \phi^T K \phi` for a field that is linear in every simplex, given at the vertices."""
        each = self.volumes(lengths)[..., None, None] * self.gradients(lengths)
        place = self.vertices * self.cells[:, :, None] + self.cells[:, None, :]
        K = torch.zeros(*lengths.shape[:-1], self.vertices**2, dtype=lengths.dtype)
        K = K.index_add(-1, torch.as_tensor(place.ravel()), each.flatten(-3))
        return K.unflatten(-1, (self.vertices, self.vertices))

    def chords(self, points: Float[np.ndarray, "vertex coordinate"]) -> Float[Tensor, " edge"]:
        """Return the lengths of the edges as straight lines between points."""
        checks.array("points", points, shape=(self.vertices, None))
        return torch.as_tensor(np.linalg.norm(points[self.edges[:, 1]] - points[self.edges[:, 0]], axis=1))

    def _faces(self, corners: int) -> tuple[np.ndarray, np.ndarray]:
        """The different faces with so many corners, and for each cell the numbers of its own."""
        chosen = list(combinations(range(self.cells.shape[1]), corners))
        all_of_them = np.sort(self.cells[:, chosen], axis=-1).reshape(-1, corners)
        faces, number = np.unique(all_of_them, axis=0, return_inverse=True)
        return faces, number.reshape(len(self.cells), len(chosen))

    @cached_property
    def _hinge_at_pair(self) -> Tensor:
        """Number of the hinge without two corners; complements of combinations come in the reverse order."""
        return torch.as_tensor(np.ascontiguousarray(self._faces(self.dimension - 1)[1][:, ::-1]).ravel())

    @cached_property
    def _number_of_edge(self) -> np.ndarray:
        """Number of the edge between two vertices; where there is none, and on the diagonal, that of a zero at the end."""
        number = np.full((self.vertices, self.vertices), len(self.edges))
        first, second = self.edges.T
        number[first, second] = number[second, first] = np.arange(len(self.edges))
        return number

    def _squares(self, lengths: Tensor, simplices: np.ndarray) -> Tensor:
        checks.tensor("lengths", lengths, shape=(*([None] * (lengths.ndim - 1)), len(self.edges)))
        if float(lengths.detach().min()) <= 0:
            raise InvalidArgument("lengths", "positive lengths", lengths.detach().min().item(), "take smaller steps")
        padded = torch.nn.functional.pad(lengths**2, (0, 1))
        return padded[..., torch.as_tensor(self._number_of_edge[simplices[:, :, None], simplices[:, None, :]])]

    def _measure(self, squares: Tensor) -> Tensor:
        root = _root(_gram(squares))
        return torch.diagonal(root, dim1=-2, dim2=-1).prod(-1) / factorial(root.shape[-1])


def _gram(squares: Tensor) -> Tensor:
    return (squares[..., 1:, :1] + squares[..., :1, 1:] - squares[..., 1:, 1:]) / 2


def _root(gram: Tensor) -> Tensor:
    """Cholesky's L with G = L L^T, whose diagonal holds the heights of the corners."""
    root, failed = torch.linalg.cholesky_ex(gram)
    heights = torch.diagonal(root.detach(), dim1=-2, dim2=-1) ** 2 / torch.diagonal(gram.detach(), dim1=-2, dim2=-1)
    bad = (failed != 0) | ~(heights.min(-1).values > DEGENERATE)
    if bool(bad.any()):
        came = f"{int(bad.sum())} of {bad.numel()} whose Gram matrix (Cayley and Menger) is not positive definite"
        raise InvalidArgument("lengths", "simplices that are not flat and obey the triangle inequality", came, "take smaller steps")
    return root


@checked
def hull(points: Float[np.ndarray, "vertex coordinate"]) -> SimplicialComplex:
    """Return the surface of the convex hull of points that are all corners of it: a sphere of one dimension less.

    Examples
    --------
    >>> len(hull(np.concatenate([np.eye(3), -np.eye(3)])).cells)
    8
    """
    checks.array("points", points, shape=(None, None))
    try:
        cells = ConvexHull(points).simplices.astype(int)
    except QhullError as error:
        raise InvalidArgument("points", "points that span a space of at least 3 dimensions", "flat or few ones", "move them") from error
    if (corners := len(np.unique(cells))) != len(points):
        raise InvalidArgument("points", "corners of their convex hull", f"{len(points) - corners} others", "leave them out")
    return SimplicialComplex(cells)


@checked
def simplex_boundary(dimension: int) -> SimplicialComplex:
    """Return the surface of a simplex, the coarsest sphere of one dimension less than it.

    Examples
    --------
    >>> [len(part) for part in (simplex_boundary(4).cells, simplex_boundary(4).edges)]
    [5, 10]
    """
    corners = checks.count("dimension", dimension, minimum=3, maximum=10) + 1
    return SimplicialComplex(np.array(list(combinations(range(corners), corners - 1))))


@checked
def cross_polytope(dimension: int) -> SimplicialComplex:
    """Return the surface of the octahedron's relative in so many dimensions; vertices i and i + dimension are opposite.

    Examples
    --------
    >>> [len(part) for part in (cross_polytope(4).cells, cross_polytope(4).edges)]
    [16, 24]
    """
    signs = np.array(list(product((0, 1), repeat=checks.count("dimension", dimension, minimum=3, maximum=10))))
    return SimplicialComplex(np.arange(dimension) + dimension * signs)


@checked
def six_hundred_cell() -> SimplicialComplex:
    """Return the 3-sphere of 600 tetrahedra, 720 edges and 120 vertices, the finest that is regular.

    Examples
    --------
    >>> [len(part) for part in (six_hundred_cell().cells, six_hundred_cell().edges)]
    [600, 720]
    """
    return hull(six_hundred_points())


@checked
def six_hundred_points() -> Float[np.ndarray, "120 4"]:
    """Return the corners of the 600-cell, at the distance 2 from the origin.

    Examples
    --------
    >>> six_hundred_points().shape
    (120, 4)
    """
    golden = (1 + 5**0.5) / 2
    even = [[0, 1, 2, 3], [0, 2, 3, 1], [0, 3, 1, 2], [1, 0, 3, 2], [1, 2, 0, 3], [1, 3, 2, 0]]
    even += [[2, 0, 1, 3], [2, 1, 3, 0], [2, 3, 0, 1], [3, 0, 2, 1], [3, 1, 0, 2], [3, 2, 1, 0]]
    signs = np.array(list(product((-1.0, 1.0), repeat=3)))
    mixed = np.pad(signs * [golden, 1, 1 / golden], ((0, 0), (0, 1)))
    corners = [*(2 * np.eye(4)), *(-2 * np.eye(4)), *product((-1.0, 1.0), repeat=4)]
    return np.concatenate([corners, *(mixed[:, order] for order in even)])


@checked
def cone(base: SimplicialComplex) -> SimplicialComplex:
    """Return the ball of simplices that join every cell of a closed complex to one new vertex, the last.

    Examples
    --------
    >>> ball = cone(simplex_boundary(3))
    >>> ball.dimension, ball.vertices, len(ball.cells)
    (3, 5, 4)
    """
    return SimplicialComplex(np.pad(base.cells, ((0, 0), (0, 1)), constant_values=base.vertices))
