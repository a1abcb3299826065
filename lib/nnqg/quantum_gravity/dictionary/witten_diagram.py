r"""The simplest Witten diagram: three fields that meet at one point of the bulk, summed over all points.

With the propagators :math:`K_i = [z/(z^2 + (x - x_i)^2)]^{\Delta_i}` of empty anti-de Sitter space (arXiv:hep-th/9804058),

.. math:: I = \int\frac{dz\,d^dx}{z^{d+1}}\,K_1K_2K_3
    = \frac{a}{|x_{12}|^{\Delta_1+\Delta_2-\Delta_3}\,|x_{23}|^{\Delta_2+\Delta_3-\Delta_1}\,|x_{31}|^{\Delta_3+\Delta_1-\Delta_2}} .

The integral exists where each dimension is less than the sum of the two others and all three together are more than d, the dimension
of the boundary. Derived in the page ``quantum-gravity/the-dictionary``.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from scipy.special import gamma

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["closed_form", "three_point"]


def _excesses(points: np.ndarray, dimensions: Sequence[float]) -> np.ndarray:
    r"""Return :math:`e_i = \Delta_j + \Delta_k - \Delta_i`, if the three points differ and the integral exists."""
    d = checks.array("points", points, shape=(3, None)).shape[1]
    if min(np.linalg.norm(points - np.roll(points, 1, 0), axis=1)) == 0:
        raise InvalidArgument("points", "three different points", points.tolist(), "move them apart")
    if len(dimensions) != 3:
        raise InvalidArgument("dimensions", "three numbers", dimensions, "give one a point")
    total = sum(checks.number("dimensions", one, above=0) for one in dimensions)
    excesses = total - 2 * np.array(dimensions)
    if excesses.min() <= 0 or total <= d:
        expected = f"each less than the sum of the others, all together more than {d}"
        raise InvalidArgument("dimensions", expected, dimensions, "choose others: the integral diverges at the boundary")
    return excesses


@checked
def closed_form(points: Float[np.ndarray, "3 d"], dimensions: Sequence[float]) -> float:
    r"""Return I with :math:`a = \frac{\pi^{d/2}}2\,\Gamma\big(\frac{\sum\Delta - d}2\big)\prod_i\Gamma(e_i/2)/\Gamma(\Delta_i)`.

    Here :math:`e_1 = \Delta_2 + \Delta_3 - \Delta_1`, the power of the distance of the points 2 and 3.

    Examples
    --------
    >>> round(closed_form(np.array([[0.0], [1.0], [3.0]]), (1.2, 0.9, 1.4)), 8)
    0.30442245
    """
    excesses, d = _excesses(points, dimensions), points.shape[1]
    opposite = np.linalg.norm(np.roll(points, -1, 0) - np.roll(points, -2, 0), axis=1)
    a = np.pi ** (d / 2) / 2 * gamma((sum(dimensions) - d) / 2) * np.prod(gamma(excesses / 2) / gamma(dimensions))
    return float(a / np.prod(opposite**excesses))


@checked
def three_point(points: Float[np.ndarray, "3 d"], dimensions: Sequence[float], step: float = 0.2, directions: int = 40) -> float:
    r"""Integrate over the bulk, for a boundary of 1 or 2 dimensions.

    The integrand is shared among the three points by the weights :math:`r_i^{-8}/\sum_jr_j^{-8}`, :math:`r_i^2 = z^2 + (x - x_i)^2`.
    Round each point :math:`z = e^s` and :math:`|x - x_i| = z\exp(t - e^{-t})`: in s, t and the angle the trapezoidal rule converges
    exponentially, unless an excess :math:`e_i` is close to 0.

    Parameters
    ----------
    points : numpy.ndarray, shape (3, d)
        Where the operators are, of any scale.
    dimensions : sequence of 3 floats
        Their scaling dimensions.
    step : float
        Distance of the nodes in s and t.
    directions : int
        Number of angles, for d = 2.

    Examples
    --------
    >>> round(three_point(np.array([[0.0], [1.0], [3.0]]), (1.2, 0.9, 1.4)), 5)
    0.30442
    """
    excesses, d = _excesses(points, dimensions), points.shape[1]
    step, directions = checks.number("step", step, above=0, maximum=1), checks.count("directions", directions, minimum=4)
    angles = 2 * np.pi * np.arange(directions) / directions
    ways = np.array([[1.0], [-1.0]]) if d == 1 else np.stack([np.cos(angles), np.sin(angles)], 1)
    if d > 2:
        raise InvalidArgument("points", "a boundary of 1 or 2 dimensions", f"{d}", "use closed_form")
    tail, scale = 25 / min(*excesses, sum(dimensions) - d), np.log(np.ptp(points, axis=0).max())
    s, t = np.arange(scale - tail, scale + 25 / sum(dimensions), step)[:, None], np.arange(-4, tail + 15, step)
    z, stretch, total = np.exp(s), np.exp(t - np.exp(-t)), 0.0
    measure = stretch**d * (1 + np.exp(-t))  # of rho^(d-1) d rho dz / z^(d+1), in s and t
    for i, centre in enumerate(points):
        for way in ways:
            squares = [z**2 * (1 + stretch**2)] * 3
            for j in {0, 1, 2} - {i}:
                squares[j] = z**2 + sum((centre[axis] - points[j, axis] + z * stretch * way[axis]) ** 2 for axis in range(d))
            share = 1 / sum((squares[i] / square) ** 4 for square in squares)
            product = sum(power * (s - np.log(square)) for power, square in zip(dimensions, squares, strict=True))
            total += (share * np.exp(product) * measure).sum()
    return float(total * step**2 * (1 if d == 1 else 2 * np.pi / directions))
