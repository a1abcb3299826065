r"""Matrices that pass through an activation: :math:`\varphi(A z) = B\,\varphi(z)` for all z (arXiv:2205.14258).

If A has such a B, then A in front of the activation and :math:`B^{-1}` behind it leave the network as it was. Which matrices do this
depends on the activation: all invertible ones for none at all, permutations times positive factors for the ReLU, and for most
functions a finite group. Page: broken-symmetries.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["passes"]

Tensor = torch.Tensor
EXTRA = ("nothing", "a constant", "a constant and z")


@checked
def passes(
    phi: Callable[[Tensor], Tensor], A: Float[Tensor, "h h"], z: Float[Tensor, "data h"], *, beside: str = "nothing"
) -> tuple[Float[Tensor, "h h"], float]:
    r"""Return the B that fits :math:`\varphi(A z) = B\,\varphi(z)` best on the data, and the largest error over the largest value.

    Parameters
    ----------
    beside : {"nothing", "a constant", "a constant and z"}
        What the layer behind the activation has besides its weights: no more, a bias, or a bias and a linear skip connection.

    Examples
    --------
    >>> B, error = passes(torch.square, torch.diag(torch.tensor([2.0, -3.0])).double(), torch.randn(20, 2).double())
    >>> B.diagonal().round(), error < 1e-4
    (tensor([4., 9.], dtype=torch.float64), True)
    """
    checks.tensor("A", A, shape=("h", "h"))
    checks.tensor("z", z, shape=("data", len(A)))
    checks.option("beside", beside, EXTRA)
    checks.count("data", len(z), minimum=2 * len(A) + 2)
    _one_variable(phi, z)
    more = [torch.ones_like(z[:, :1]), z][: EXTRA.index(beside)]
    columns, wanted = torch.cat([phi(z), *more], dim=1), phi(z @ A.T)
    found = torch.linalg.lstsq(columns, wanted, driver="gelsd").solution
    error = (columns @ found - wanted).abs().max() / wanted.abs().max()
    return found[: len(A)].T, float(error)


def _one_variable(phi: Callable[[Tensor], Tensor], z: Tensor) -> None:
    """Refuse an activation whose value at one unit depends on other units or data, or on which unit it is."""
    value = phi(z)
    remedy = "apply one function to each unit by itself; softmax, normalisations and gates mix units"
    if not isinstance(value, Tensor) or value.shape != z.shape:
        came = f"shape {tuple(value.shape)}" if isinstance(value, Tensor) else type(value).__name__
        raise InvalidArgument("phi", f"a function of one variable, shape {tuple(z.shape)} to itself", came, remedy)
    checks.tensor("phi", value)
    alone = torch.cat([phi(z[::2, i : i + 1].clone()) for i in range(z.shape[1])], dim=1)
    off = max(float((alone - value[::2]).abs().max()), float((phi(z.flip(0, 1)).flip(0, 1) - value).abs().max()))
    if off > 1e-6 * float(value.abs().max()):
        raise InvalidArgument("phi", "a function of one variable", f"values that depend on other entries, by {off:.3g}", remedy)
