r"""Changes of the weights that leave a self-attention layer as it was (slide Candidates 3; arXiv:2402.02362).

With data :math:`x` of n rows the layer of the slide is

.. math:: h_i = \sum_j \operatorname{ReLU}\big((x w^{(q)})_i \cdot (x w^{(k)})_j\big)\, (x w^{(v)})_j .

Queries and keys meet in their scalar product only, so their components may be taken in any frame. Page: rescaling-and-attention.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["change_frame"]

Weights = tuple[Float[np.ndarray, "n d"], Float[np.ndarray, "n d"], Float[np.ndarray, "n e"]]


@checked
def change_frame(weights: Weights, A: Float[np.ndarray, "d d"], alpha: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Weights:
    r"""Return :math:`\alpha_q w^{(q)} A,\ \alpha_k w^{(k)} (A^{-1})^T,\ \alpha_v w^{(v)}`.

    The layer is the same for every invertible A if :math:`\alpha_q \alpha_k \alpha_v = 1` and :math:`\alpha_q \alpha_k > 0`; what does
    not keep it is not refused, because the page tries it.

    Parameters
    ----------
    weights : tuple of numpy.ndarray
        w(q), w(k), w(v).
    A : numpy.ndarray
        The frame; its condition number is at most 1e12.

    Examples
    --------
    >>> one = np.eye(2)
    >>> q, k, v = change_frame((one, one, one), np.array([[2.0, 0.0], [0.0, 1.0]]), (3.0, 1.0, 1 / 3))
    >>> np.allclose(q @ k.T, 3 * one)
    True
    """
    q, k, v = weights
    for name, matrix in zip("qkv", weights, strict=True):
        checks.array(f"w({name})", matrix, shape=("n", "d"))
    checks.array("w(k)", k, shape=q.shape)
    checks.array("A", A, shape=(q.shape[1], q.shape[1]))
    factors = [checks.number(f"alpha_{name}", factor) for name, factor in zip("qkv", alpha, strict=True)]
    if 0 in factors:
        raise InvalidArgument("alpha", "factors other than 0", alpha, "a factor of 0 cannot be undone")
    condition = np.linalg.cond(A)
    if not condition < 1e12:
        raise InvalidArgument("A", "an invertible matrix", f"condition number {condition:.1e}", "choose a frame of independent columns")
    return factors[0] * q @ A, factors[1] * k @ np.linalg.inv(A).T, factors[2] * v
