r"""What is left of a four-point function when Wick's theorem has taken its part (slide *Neural network field theory* 1/2).

For variables of mean zero the connected four-point function is

.. math::

    \langle x_1x_2x_3x_4\rangle_c = \langle x_1x_2x_3x_4\rangle - \langle x_1x_2\rangle\langle x_3x_4\rangle
        - \langle x_1x_3\rangle\langle x_2x_4\rangle - \langle x_1x_4\rangle\langle x_2x_3\rangle .

It vanishes for Gaussian variables. A sum of N independent equal units, each divided by :math:`\sqrt N`, has 1/N of that of one unit, for
every N: cumulants of independent variables add.
"""

import math

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked

__all__ = ["connected_four_point"]


@checked
def connected_four_point(x: Float[np.ndarray, "network 4"]) -> tuple[float, float]:
    """Return the connected four-point function of four columns of samples of mean zero, and its standard error.

    The error is that of the mean of the derivative with respect to one sample's weight, so the estimated pairs are in it. The estimate
    is off by a term of order 1 / samples, which is small beside the error.

    Examples
    --------
    >>> coins = np.where(np.arange(100) % 2, 1.0, -1.0)[:, None] * np.ones(4)
    >>> connected_four_point(coins)
    (-2.0, 0.0)
    """
    checks.array("x", x, shape=("network", 4))
    checks.count("networks", len(x), minimum=10)
    K, four = x.T @ x / len(x), x.prod(axis=1)
    pairs, change = 0.0, four.copy()
    for left, right in (((0, 1), (2, 3)), ((0, 2), (1, 3)), ((0, 3), (1, 2))):
        pairs += K[left] * K[right]
        change -= K[left] * x[:, right].prod(axis=1) + K[right] * x[:, left].prod(axis=1)  # each pair with the other one held
    return float(four.mean() - pairs), float(change.std() / math.sqrt(len(x)))
