r"""Nonlinear least squares with weights that must not be negative: Levenberg-Marquardt steps inside the allowed corner.

.. math:: \min_{x \ge 0} |r(x)|^2, \qquad \text{step: } \min_{x' \ge 0} |r + J(x' - x)|^2 + \mu\,|D(x' - x)|^2 .

Each step is itself a problem of non-negative least squares, solved exactly (Lawson and Hanson), so a weight can reach zero in one
step and leave it again. A change of variables such as x = softplus(y) can only creep there.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.optimize import nnls

from nnqg import checks

__all__ = ["LeastSquares", "minimise"]

Linearised = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class LeastSquares:
    """Where a search ended.

    Attributes
    ----------
    x : numpy.ndarray, shape (weight,)
        The weights.
    residual : numpy.ndarray, shape (row,)
        Residuals there.
    jacobian : numpy.ndarray, shape (row, weight)
        Their derivatives.
    steps : int
        Number of tried steps.
    converged : bool
        Whether the last step gained less than the requested fraction while the linear model was trustworthy.
    """

    x: Float[np.ndarray, " weight"]
    residual: Float[np.ndarray, " row"]
    jacobian: Float[np.ndarray, "row weight"]
    steps: int
    converged: bool

    @property
    def cost(self) -> float:
        """Sum of squares."""
        return float(self.residual @ self.residual)


def minimise(
    linearise: Callable[[np.ndarray], Linearised],
    start: Float[np.ndarray, " weight"],
    scale: Float[np.ndarray, " weight"],
    *,
    nonnegative: bool = True,
    max_steps: int = 200,
    gain: float = 1e-8,
) -> LeastSquares:
    r"""Search for the least squares.

    Parameters
    ----------
    linearise : callable
        From weights to residuals, shape (row,), and Jacobian, shape (row, weight).
    start : numpy.ndarray, shape (weight,)
        Where to begin; not negative, unless ``nonnegative`` is False.
    scale : numpy.ndarray, shape (weight,)
        Positive diagonal of D: how reluctantly each weight moves.
    nonnegative : bool
        Whether to keep x >= 0; without it this is the method of Levenberg and Marquardt.
    max_steps : int
        Give up after so many tried steps; ``converged`` then says so.
    gain : float
        Finished when a step changes the sum of squares by less than this fraction of it, or of 1e-4.

    Returns
    -------
    LeastSquares
        The end of the search, converged or not.

    Raises
    ------
    InvalidArgument
        If an argument is out of range, or linearise does not give finite residuals and a Jacobian that fits them at the start.

    Examples
    --------
    >>> line = lambda x: (np.array([x[0] - 1.0, x[1] + 1.0]), np.eye(2))
    >>> minimise(line, np.array([0.5, 0.5]), np.ones(2)).x.round(6)
    array([1., 0.])
    >>> minimise(line, np.array([0.5, 0.5]), np.ones(2), nonnegative=False).x.round(6)
    array([ 1., -1.])

    Notes
    -----
    Used on the page ``emergent-spacetime/meson-spectrum``. The damping falls by 5 after a step that gains more than 70 % of what the
    linear model promised, doubles after one that gains less than 30 %, and rises by 4 after one that is refused.
    """
    x = checks.array("start", start, shape=("weight",), minimum=0.0 if nonnegative else None).copy()
    checks.array("scale", scale, shape=x.shape, minimum=np.finfo(float).tiny)
    max_steps, gain = checks.count("max_steps", max_steps), checks.number("gain", gain, above=0)
    residual, jacobian = linearise(x)
    checks.array("residual of linearise", residual, shape=("row",))
    checks.array("jacobian of linearise", jacobian, shape=(residual.size, x.size))
    damping, converged, steps = 1e-2, False, 0
    while not converged and steps < max_steps and damping < 1e15:
        steps += 1
        tried = _damped_step(x, residual, jacobian, np.sqrt(damping) * scale, nonnegative)
        promised = _square(residual) - _square(residual + jacobian @ (tried - x))
        new_residual, new_jacobian = linearise(tried)
        gained = _square(residual) - _square(new_residual)
        trust = gained / promised if promised > 0 else 0.0
        damping *= 0.2 if trust > 0.7 else 1.0 if trust > 0.3 else 2.0 if gained > 0 else 4.0
        little = gain * max(_square(residual), 1e-4)  # residuals come in units of their errors
        converged = abs(gained) <= little and (trust > 0.3 or promised <= little)
        if gained > 0:
            x, residual, jacobian = tried, new_residual, new_jacobian
    return LeastSquares(x, residual, jacobian, steps, bool(converged))


def _square(vector: np.ndarray) -> float:
    return float(vector @ vector)


def _damped_step(x: np.ndarray, residual: np.ndarray, jacobian: np.ndarray, damping: np.ndarray, nonnegative: bool) -> np.ndarray:
    """Minimise the damped linear model, over x >= 0 or over all x."""
    matrix = np.vstack([jacobian, np.diag(damping)])
    target = np.concatenate([jacobian @ x - residual, damping * x])
    return nnls(matrix, target)[0] if nonnegative else np.linalg.lstsq(matrix, target, rcond=None)[0]
