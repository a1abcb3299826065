r"""Geodesics of a metric that is a function of the coordinates, a formula or a network (slide "Physics of NN symmetries").

A metric takes points to symmetric positive matrices :math:`g_{ij}(x)`, many at once. Its geodesics are the neural ODE

.. math::

    \dot x^i = v^i, \qquad \dot v^i = -\Gamma^i_{jk}(x)\,v^j v^k, \qquad
    \Gamma^i_{jk} = \tfrac12 g^{il}\,(\partial_j g_{lk} + \partial_k g_{lj} - \partial_l g_{jk}) .

In other coordinates :math:`y(x)` the same paths belong to :math:`g_{ij}(x) = \partial_i y^a\,\partial_j y^b\,h_{ab}(y)`. The derivatives
are those of `torch.func`, so that what comes out can be differentiated with respect to the weights of a network.
Page: broken-symmetries.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.runge_kutta import TABLEAUX, advance
from nnqg.symmetries.geodesics._derivatives import slopes

__all__ = ["acceleration", "curvature", "pull_back", "shoot"]

Tensor = torch.Tensor
Metric = Callable[[Tensor], Tensor]
"""Points, in rows, to a matrix each."""


@checked
def acceleration(metric: Metric, x: Float[Tensor, "point d"], v: Float[Tensor, "point d"]) -> Float[Tensor, "point d"]:
    r"""Return :math:`\dot v^i = -\Gamma^i_{jk}(x)\,v^j v^k`.

    Examples
    --------
    >>> polar = lambda x: torch.diag_embed(torch.stack([torch.ones_like(x[:, 0]), x[:, 0] ** 2], dim=-1))
    >>> acceleration(polar, torch.tensor([[2.0, 0.0]]).double(), torch.tensor([[0.0, 1.0]]).double())
    tensor([[2., -0.]], dtype=torch.float64)
    """
    _states(x, v)
    _positive(metric, x)
    return _acceleration(metric, x, v)


@checked
def shoot(
    metric: Metric, x: Float[Tensor, "point d"], v: Float[Tensor, "point d"], T: float, steps: int, solver: str = "rk4"
) -> tuple[Float[Tensor, "time point d"], Float[Tensor, "time point d"]]:
    """Places and velocities along the geodesics from x with velocity v, at the start and after each of the equal steps to T.

    Raises
    ------
    Diverged
        If a path leaves the chart, or the metric is no number there.

    Examples
    --------
    >>> flat = lambda x: torch.eye(2, dtype=torch.float64).expand(len(x), 2, 2)
    >>> shoot(flat, torch.zeros(1, 2).double(), torch.ones(1, 2).double(), T=2.0, steps=4)[0][-1]
    tensor([[2.0000, 2.0000]], dtype=torch.float64)
    """
    _states(x, v)
    T, steps = checks.number("T", T, above=0), checks.count("steps", steps, maximum=checks.MOST_STEPS)
    checks.option("solver", solver, tuple(TABLEAUX))
    _positive(metric, x)

    def field(_: float, state: Tensor) -> Tensor:
        return torch.stack([state[1], _acceleration(metric, state[0], state[1])])

    states = [torch.stack([x, v])]
    for step in range(steps):
        states.append(advance(field, step * T / steps, states[-1], T / steps, TABLEAUX[solver]))
    path = torch.stack(states, dim=1)
    checks.finite_result("geodesic", path.detach(), where="some time before T", remedy="stop earlier, or stay inside the chart")
    _positive(metric, path[0, -1])
    return path[0], path[1]


@checked
def pull_back(metric: Metric, chart: Callable[[Tensor], Tensor]) -> Metric:
    r"""Return :math:`g_{ij}(x) = \partial_i y^a\,\partial_j y^b\,h_{ab}(y(x))` for a metric h and a change of coordinates y(x).

    Examples
    --------
    >>> flat = lambda y: torch.eye(2, dtype=torch.float64).expand(len(y), 2, 2)
    >>> pull_back(flat, lambda x: 3 * x)(torch.zeros(1, 2).double())
    tensor([[[9., 0.],
             [0., 9.]]], dtype=torch.float64)
    """

    def pulled(x: Tensor) -> Tensor:
        y, J = slopes(chart, x)  # J: i, point, a
        return torch.einsum("ipa,pab,jpb->pij", J, metric(y), J)

    return pulled


@checked
def curvature(metric: Metric, x: Float[Tensor, "point 2"]) -> Float[Tensor, " point"]:
    r"""Gauss curvature :math:`K = R_{1212} / \det g` of a surface, positive for the sphere.

    Examples
    --------
    >>> sphere = lambda x: torch.eye(2) * (4 / (1 + (x**2).sum(-1)) ** 2)[:, None, None]
    >>> curvature(sphere, torch.tensor([[0.0, 0.5]]).double())
    tensor([1.0000], dtype=torch.float64)
    """
    checks.tensor("x", x, shape=("point", 2))
    _positive(metric, x)
    symbols, d_symbols = slopes(lambda y: _christoffel(metric, y), x)  # k, point, i, j, l
    g = metric(x)
    turns = torch.einsum("pim,pmj->pij", symbols[:, :, 0], symbols[:, :, 1])
    back = torch.einsum("pim,pmj->pij", symbols[:, :, 1], symbols[:, :, 0])
    riemann = d_symbols[0][:, :, 1] - d_symbols[1][:, :, 0] + turns - back  # R^i_{j12} as point, i, j
    return torch.einsum("pi,pi->p", g[:, 0], riemann[:, :, 1]) / torch.linalg.det(g)


def _christoffel(metric: Metric, x: Tensor) -> Tensor:
    """Christoffel's symbols: point, i, j, k."""
    g, d_g = slopes(metric, x)  # d_g: k, point, i, j
    lower = torch.einsum("jplk->pljk", d_g) + torch.einsum("kplj->pljk", d_g) - torch.einsum("lpjk->pljk", d_g)
    return torch.einsum("pil,pljk->pijk", torch.linalg.inv(g), lower / 2)


def _acceleration(metric: Metric, x: Tensor, v: Tensor) -> Tensor:
    """Lagrange's equation, which needs the metric's derivatives along the path and of the energy only."""
    g, d_g = slopes(metric, x)
    momenta = (d_g @ v[..., None])[..., 0]  # k, point, i
    force = torch.einsum("kpi,pk->pi", momenta, v) - torch.einsum("kpi,pi->pk", momenta, v) / 2
    return -torch.linalg.solve(g, force)


def _states(x: Tensor, v: Tensor) -> None:
    checks.tensor("x", x, shape=("point", "d"))
    checks.tensor("v", v, shape=tuple(x.shape))


def _positive(metric: Metric, x: Tensor) -> None:
    """Refuse a metric that is no symmetric positive matrix at each of these points."""
    with torch.no_grad():
        g = checks.tensor("metric", metric(x), shape=(*x.shape, x.shape[1]))
        lowest = float(torch.linalg.eigvalsh(g).min())
        skew = float((g - g.mT).abs().max())
    if skew > 1e-6 * float(g.abs().max()):
        raise InvalidArgument("metric", "symmetric matrices", f"a difference of {skew:.3g}", "add the transpose, and halve")
    if not lowest > 0:
        remedy = "build it as L L^T with a positive diagonal, or stay inside the chart"
        raise InvalidArgument("metric", "positive matrices", f"an eigenvalue of {lowest:.3g}", remedy)
