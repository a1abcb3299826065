r"""Stochastic quantisation of Parisi and Wu (1981): a whole path moves in a fictitious time s.

.. math:: dx_n = -\frac1\hbar\frac{\partial S_E}{\partial x_n}\,ds + \sqrt2\,dB_n(s)

has the stationary density :math:`e^{-S_E/\hbar}`. The imaginary time :math:`\tau_n` is only an index here. With a step
:math:`\epsilon`, the slope :math:`g = \partial S_E/\partial x/\hbar` and standard normal :math:`\xi_j`,

.. math::

    \text{Euler}:\quad x \leftarrow x - \epsilon g + \sqrt{2\epsilon}\,\xi_j , \qquad
    \text{averaged}:\quad x \leftarrow x - \epsilon g + \sqrt{2\epsilon}\,\tfrac12(\xi_j + \xi_{j+1}) .

A mode with :math:`S_E/\hbar = \frac\lambda2x^2` has the variance :math:`1/\lambda(1 - \epsilon\lambda/2)` by Euler's rule and exactly
:math:`1/\lambda` with the averaged noise (Leimkuhler and Matthews 2013). Both are stable for :math:`\epsilon\lambda < 2`.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked

__all__ = ["SCHEMES", "action_slope", "evolve"]

SCHEMES = ("euler", "averaged")


@checked
def action_slope(
    x: Float[np.ndarray, "time path"],
    dtau: float,
    force: Callable[[np.ndarray], np.ndarray],
    *,
    m: float = 1.0,
    hbar: float = 1.0,
) -> Float[np.ndarray, "time path"]:
    r"""Return :math:`\hbar^{-1}\partial S_E/\partial x_n`.

    .. math:: g_n = \frac{m}{\hbar\Delta\tau}(2x_n - x_{n+1} - x_{n-1}) - \frac{\Delta\tau}{\hbar}F(x_n)

    The paths are periodic in imaginary time, which is the first axis; the force is :math:`F = -V'`.

    Examples
    --------
    >>> action_slope(np.array([[1.0], [0.0], [0.0]]), 0.5, lambda x: -x).T
    array([[ 4.5, -2. , -2. ]])
    """
    mass, action, eps = (checks.number(name, one, above=0) for name, one in (("m", m), ("hbar", hbar), ("dtau", dtau)))
    bend = 2 * x
    bend[1:] -= x[:-1]
    bend[:-1] -= x[1:]
    bend[0] -= x[-1]
    bend[-1] -= x[0]
    return (mass / (action * eps)) * bend - (eps / action) * force(x)


@checked
def evolve(
    x: Float[np.ndarray, "time path"],
    slope: Callable[[np.ndarray], np.ndarray],
    epsilon: float,
    steps: int,
    rng: np.random.Generator,
    observe: Callable[[np.ndarray], np.ndarray],
    *,
    scheme: str = "averaged",
    every: int = 1,
) -> Float[np.ndarray, "record *observed"]:
    """Move all paths through the fictitious time and return what is observed after each ``every`` steps.

    Parameters
    ----------
    x : numpy.ndarray
        Where the paths start; it is left as it is.
    slope : callable
        The slope g of the action over hbar, for instance an `action_slope`.
    epsilon, steps : float, int
        Step of the fictitious time and number of steps.
    observe : callable
        Takes x and returns a new array.
    scheme : str
        One of `SCHEMES`.

    Raises
    ------
    Diverged
        If a path runs away, because the step is too large or the potential has no lower bound.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> squares = evolve(np.zeros((1, 4000)), lambda x: x, 0.5, 100, rng, lambda x: (x**2).mean(), every=10)
    >>> bool(abs(squares[2:].mean() - 1) < 0.02)
    True
    """
    x = checks.array("x", x, shape=("time", "path")).copy()
    checks.number("epsilon", epsilon, above=0)
    checks.option("scheme", scheme, SCHEMES)
    checks.count("every", every, maximum=checks.count("steps", steps, maximum=10 * checks.MOST_STEPS))
    noise, fresh = rng.standard_normal(x.shape), np.empty_like(x)
    root = np.sqrt(2 * epsilon) * (0.5 if scheme == "averaged" else 1.0)
    seen = []
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(1, steps + 1):
            rng.standard_normal(out=fresh)
            kick = noise + fresh if scheme == "averaged" else fresh
            x += root * kick - epsilon * slope(x)
            noise, fresh = fresh, noise
            if step % every == 0:
                remedy = "take a smaller epsilon, or a potential with a lower bound"
                checks.finite_result("the path in fictitious time", x, where=f"step {step}", remedy=remedy)
                seen.append(observe(x))
    return np.array(seen)
