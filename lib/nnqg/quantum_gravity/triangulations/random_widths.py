r"""Layers of random width: the sum over triangulated discs of 1+1 causal dynamical triangulations (hep-th/9805108).

Two rings with :math:`l` and :math:`l'` vertices can be joined by a strip of :math:`l + l'` triangles, and every triangle weighs g. The
sum over all strips, with one over the number of symmetries, is

.. math:: A(l, l') = g^{l + l'} \frac{(l + l' - 1)!}{l!\, l'!} , \qquad A(l, 0) = \frac{g^l}{l} ,

where the second is the cap that closes the disc in one vertex. Gluing two strips along a ring of :math:`l` vertices costs a factor
:math:`l`. With :math:`g = 1 / (2 \cosh\Delta)` the eigenvalues of the symmetrised matrix :math:`\sqrt{l\,l'} A(l, l')` are
:math:`e^{-2 n \Delta}`, :math:`n = 1, 2, \dots`: :math:`\Delta`, the ``spacing``, is the thickness of a layer in units of the length
that the cosmological constant sets. Derived in the page ``discussion/three-steps``.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int
from scipy.special import gammaln

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import NotConverged

__all__ = ["RandomWidths", "classical_widths", "strip_weights"]

_TAIL = 1e-10


@checked
def strip_weights(spacing: float, largest: int) -> Float[np.ndarray, "width width"]:
    r"""Return :math:`A(l, l')` for rings of 1 to ``largest`` vertices, in entry ``[l - 1, l' - 1]``.

    Examples
    --------
    >>> weights = strip_weights(0.1, 2) * (2 * np.cosh(0.1)) ** 2
    >>> float(weights[0, 0].round(12))  # two triangles, one way to join two rings of one vertex
    1.0
    """
    log_g = -np.log(2 * np.cosh(checks.number("spacing", spacing, above=0)))
    width = np.arange(1.0, checks.count("largest", largest) + 1)
    total = width[:, None] + width
    return np.exp(total * log_g + gammaln(total) - gammaln(width + 1)[:, None] - gammaln(width + 1))


@checked
def classical_widths(layers: int, spacing: float) -> Float[np.ndarray, " ring"]:
    r"""Return the widths that dominate the sum when the first ring is large, divided by the first one.

    The weight of a sequence is stationary where :math:`(l_{t-1} + l_t)(l_t + l_{t+1}) = 4\cosh^2\!\Delta\; l_t^2`, that is for

    .. math:: l_t \propto \sinh(\eta_t - \tfrac12\Delta) \sinh(\eta_t + \tfrac12\Delta), \qquad \eta_t = (T + \tfrac12 - t)\,\Delta ,

    with T strips, the cap included, at least 2. The closing vertex, of width 0, is left out.

    Examples
    --------
    >>> classical_widths(3, 0.1).round(3)
    array([1.   , 0.49 , 0.161])
    """
    steps = np.arange(checks.count("layers", layers, minimum=2), 0, -1.0)
    spacing = checks.number("spacing", spacing, above=0)
    widths = np.sinh(steps * spacing) * np.sinh((steps + 1) * spacing)
    return widths / widths[0]


@checked
@dataclass(frozen=True)
class RandomWidths:
    """Probability of the widths of the rings of a triangulated disc whose outermost ring is given.

    Attributes
    ----------
    first
        Width of the outermost ring.
    layers
        Number of strips, the cap included, at least 2.
    spacing
        The thickness of a layer.
    largest
        Where the widths are cut off, at least ``first`` and at most 2000.

    Raises
    ------
    NotConverged
        If a ring reaches the cut-off with a probability above 1e-10.

    Examples
    --------
    >>> disc = RandomWidths(8, 4, 0.2, 80)
    >>> disc.marginals.sum(axis=1).round(12)
    array([1., 1., 1.])
    """

    first: int
    layers: int
    spacing: float
    largest: int

    def __post_init__(self) -> None:
        checks.count("first", self.first)
        checks.count("layers", self.layers, minimum=2, maximum=checks.MOST_STEPS)
        checks.number("spacing", self.spacing, above=0)
        checks.count("largest", self.largest, minimum=self.first, maximum=2000)
        tail = float(self.marginals[:, -1].max())
        if not tail <= _TAIL:
            raise NotConverged("the sum over widths", f"probability {tail:.1e} at the cut-off", "raise `largest`")

    @cached_property
    def steps(self) -> Float[np.ndarray, "width width"]:
        """Weight of a strip and of the gluing along its inner ring, ``[outer - 1, inner - 1]``."""
        return strip_weights(self.spacing, self.largest) * np.arange(1.0, self.largest + 1)

    @cached_property
    def closings(self) -> Float[np.ndarray, "ring width"]:
        """Weight of all that lies inside of each ring, the outermost one included, by its width."""
        width = np.arange(1.0, self.largest + 1)
        found = [(2 * np.cosh(self.spacing)) ** -width / width]
        for _ in range(self.layers - 1):
            found.append(self.steps @ found[-1])
        return np.array(found[::-1])

    @cached_property
    def marginals(self) -> Float[np.ndarray, "ring width"]:
        """Exact probability of each width, for the rings 1 to ``layers`` - 1."""
        reached, found = np.eye(self.largest)[self.first - 1], []
        for closing in self.closings[1:]:
            reached = reached @ self.steps
            found.append(reached * closing)
        return np.array(found) / self.closings[0, self.first - 1]

    @property
    def moments(self) -> tuple[Float[np.ndarray, " ring"], Float[np.ndarray, " ring"]]:
        """Exact mean and variance of the widths of the rings 1 to ``layers`` - 1."""
        width = np.arange(1.0, self.largest + 1)
        mean = self.marginals @ width
        return mean, self.marginals @ width**2 - mean**2

    def sample(self, rng: np.random.Generator, number: int) -> Int[np.ndarray, "sample ring"]:
        """Draw independent sequences of widths, ring by ring from the outermost one, which is included."""
        widths = np.full((checks.count("number", number), self.layers), self.first)
        for ring in range(1, self.layers):
            chances = np.cumsum(self.steps * self.closings[ring], axis=1)
            total = np.where(chances[:, -1:] > 0, chances[:, -1:], 1.0)  # rings too wide to be reached have weight 0
            rows = (chances / total)[widths[:, ring - 1] - 1]
            widths[:, ring] = 1 + (rows < rng.random((number, 1))).sum(axis=1)
        return widths
