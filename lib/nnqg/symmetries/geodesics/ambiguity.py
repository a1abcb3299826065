r"""All metrics of a surface that have given paths: the null space of linear equations (page broken-symmetries).

For a path with velocity v and acceleration a at x, the geodesic equation and the conservation of :math:`K_{ij} v^i v^j` say

.. math::

    g_{ij} a^j + \partial_k g_{ij}\,v^k v^j - \tfrac12\,\partial_i g_{jk}\,v^j v^k = 0, \qquad
    2\,K_{ij} a^i v^j + \partial_k K_{ij}\,v^i v^j v^k = 0 .

Both are linear and homogeneous. The solutions of the first have the paths with their time. A positive solution of the second, along
the geodesics of g, belongs to a metric with the same paths up to their time, :math:`\bar g = K\,(\det g / \det K)^2`, and every such metric
is of this form (Liouville; Matveev and Topalov). With a basis of functions for the components both become matrices.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.symmetries.geodesics._derivatives import slopes

__all__ = ["combination", "metric_rows", "rational"]

Tensor = torch.Tensor
Basis = Callable[[Tensor], Tensor]
"""Points, in rows, to the values of all functions of the basis."""

UNITS = torch.tensor([[[1, 0], [0, 0]], [[0, 1], [1, 0]], [[0, 0], [0, 1]]], dtype=torch.float64)
"""The three components of a symmetric 2 x 2 matrix."""


@checked
def rational(degree: int, c: float) -> Basis:
    r"""Return the functions :math:`x^i y^j / (1 + c\,r^2)^4` with :math:`i + j \le` degree.

    Degree 4 holds the surfaces of curvature c in a conformal chart, :math:`4 \delta_{ij} / (1 + c\,r^2)^2`, and all their K.

    Examples
    --------
    >>> rational(1, 1.0)(torch.tensor([[1.0, 2.0]], dtype=torch.float64)) * 6**4
    tensor([[1., 2., 1.]], dtype=torch.float64)
    """
    checks.count("degree", degree, minimum=0, maximum=400)
    checks.number("c", c)
    powers = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]

    def basis(x: Tensor) -> Tensor:
        weight = (1 + c * (x**2).sum(-1)) ** -4
        return torch.stack([x[:, 0] ** i * x[:, 1] ** j * weight for i, j in powers], dim=-1)

    return basis


@checked
def combination(coefficients: Float[Tensor, " number"], basis: Basis) -> Callable[[Tensor], Tensor]:
    """Return the matrix-valued function with these coefficients: all of the component 11, then of 12, then of 22.

    Examples
    --------
    >>> g = combination(torch.tensor([2.0, 0.0, 3.0], dtype=torch.float64), rational(0, 0.0))
    >>> g(torch.zeros(1, 2, dtype=torch.float64))
    tensor([[[2., 0.],
             [0., 3.]]], dtype=torch.float64)
    """
    return lambda x: torch.einsum("st,sij,pt->pij", coefficients.reshape(3, -1), UNITS, basis(x))


@checked
def metric_rows(
    basis: Basis, x: Float[Tensor, "point 2"], v: Float[Tensor, "point 2"], a: Float[Tensor, "point 2"], *, timed: bool
) -> Float[Tensor, "row number"]:
    """Matrix of the first equation above (timed, two rows a point), or of the second (one row a point).

    Examples
    --------
    >>> x, v = torch.rand(9, 2, dtype=torch.float64), torch.rand(9, 2, dtype=torch.float64)
    >>> metric_rows(rational(0, 0.0), x, v, 0 * v, timed=True).abs().max()
    tensor(0., dtype=torch.float64)
    """
    checks.tensor("x", x, shape=("point", 2))
    for name, value in (("v", v), ("a", a)):
        checks.tensor(name, value, shape=tuple(x.shape))
    f, d_f = slopes(basis, x)  # point, function; direction, point, function
    if timed:
        left = torch.einsum("pt,sij,pj->pist", f, UNITS, a)
        left = left + torch.einsum("kpt,sij,pk,pj->pist", d_f, UNITS, v, v)
        left = left - torch.einsum("ipt,sjk,pj,pk->pist", d_f, UNITS, v, v) / 2
    else:
        left = 2 * torch.einsum("pt,sij,pi,pj->pst", f, UNITS, a, v)
        left = left + torch.einsum("kpt,sij,pk,pi,pj->pst", d_f, UNITS, v, v, v)
    return left.reshape(-1, 3 * f.shape[1])
