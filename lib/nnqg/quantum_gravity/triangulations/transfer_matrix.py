r"""Causal triangulations solved: the transfer matrix, its spectrum, the torus and the sum between two loops (hep-th/9805108).

Read upwards, a strip gives each vertex of the lower ring a family in the upper one, and the families are independent: with one factor g for
each triangle, a family has the generating function :math:`f(y) = g / (1 - g y)`. Rings are generations. The t-th iterate of f is

.. math:: f_t(y) = \frac{S_t - S_{t-1} y}{S_{t+1} - S_t y}, \qquad S_k = \sinh k\Delta, \qquad g = \frac{1}{2\cosh\Delta},

and its attractive fixed point :math:`F = e^{-\Delta}` has the slope :math:`f'(F) = F^2`: the transfer matrix has the eigenvalues
:math:`F^{2n}`, n = 1, 2, ... At the critical g = 1/2 the mean family has one member and :math:`\Delta = 0`.
Derived in the page ``quantum-gravity/causal-triangulations``; the weights of strips are those of `random_widths`.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.special import comb

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import NotConverged
from nnqg.quantum_gravity.triangulations.random_widths import strip_weights

__all__ = ["Torus", "loop_to_loop", "torus", "torus_widths", "transfer_matrix"]

_TAIL = 1e-9


@checked
class Torus(NamedTuple):
    """The sum over tori, and the mean number of their triangles."""

    sum: float
    mean: float


def _spacing(g: float) -> float:
    r"""Return :math:`\Delta = \operatorname{arcosh}(1/2g)`, the thickness of a layer; g lies between 0 and the critical value 1/2."""
    return float(np.arccosh(0.5 / checks.number("g", g, above=0, below=0.5)))


@checked
def transfer_matrix(g: float, largest: int) -> Float[np.ndarray, "width width"]:
    r"""Return :math:`\sqrt{l\,l'} A(l, l')` for rings of 1 to ``largest`` vertices.

    Examples
    --------
    >>> np.linalg.eigvalsh(transfer_matrix(0.4, 60))[:-3:-1].round(8)  # F^2, F^4 with F = 1/2
    array([0.25  , 0.0625])
    """
    root = np.sqrt(np.arange(1.0, checks.count("largest", largest) + 1))
    return root[:, None] * strip_weights(_spacing(g), largest) * root


@checked
def torus(g: float, slices: int) -> Torus:
    r"""Return :math:`Z = F^{2T} / (1 - F^{2T})` and :math:`\langle N \rangle = g\,\partial_g \log Z = 2T / \sqrt{1 - 4g^2} / (1 - F^{2T})`.

    Examples
    --------
    >>> round(torus(0.45, 8).mean, 3)
    36.727
    """
    spacing, T = _spacing(g), checks.count("slices", slices)
    decay = float(np.exp(-2 * T * spacing))
    return Torus(decay / (1 - decay), 2 * T / float(np.tanh(spacing)) / (1 - decay))


@checked
def torus_widths(g: float, slices: int, largest: int) -> Float[np.ndarray, " width"]:
    """Return the probability of each width, 1 to ``largest``, of a ring of a torus.

    Raises
    ------
    NotConverged
        If the sum over the widths kept misses more than 1e-9 of the sum over tori.

    Examples
    --------
    >>> torus_widths(0.4, 4, 60)[:3].round(4)
    array([0.5614, 0.2803, 0.1059])
    """
    chances = np.diag(np.linalg.matrix_power(transfer_matrix(g, largest), checks.count("slices", slices)))
    missing = 1 - float(chances.sum()) / torus(g, slices).sum
    if not abs(missing) <= _TAIL:
        raise NotConverged("the sum over widths", f"{missing:.1e} of it is missing", "raise `largest`")
    return chances / chances.sum()


@checked
def loop_to_loop(g: float, steps: int, largest: int) -> Float[np.ndarray, "width width"]:
    r"""Return the sum over ``steps`` strips between a marked ring of l and a ring of l' vertices, each 1 to ``largest`` (300).

    k of the l families survive, and share the l' vertices:

    .. math:: M^t(l, l') = \sum_k \binom{l}{k} \binom{l' - 1}{k - 1}\, p^{l + l' - 2k} q^k, \qquad
        p = \frac{S_t}{S_{t+1}}, \quad q = \frac{S_1^2}{S_{t+1}^2} .

    Examples
    --------
    >>> once = loop_to_loop(0.4, 1, 40)
    >>> bool(np.allclose(once @ once, loop_to_loop(0.4, 2, 40), atol=1e-6))
    True
    """
    spacing, t = _spacing(g), checks.count("steps", steps)
    p, root_q = np.sinh(np.array([t, 1]) * spacing) / np.sinh((t + 1) * spacing)
    width = np.arange(1.0, checks.count("largest", largest, maximum=300) + 1)
    first, last, k = width[:, None, None], width[:, None], width
    gone = np.maximum(first + last - 2 * k, 0.0)
    return (comb(first, k) * comb(last - 1, k - 1) * p**gone * root_q ** (2 * k)).sum(axis=-1)
