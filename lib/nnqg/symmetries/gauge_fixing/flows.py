r"""A neural ODE with activation, trained with :math:`L_R = \lambda \int |\ddot x|^2` or with weight decay.

.. math:: \dot x = v(t, x) = C \tanh(A x + a t + c) + e, \qquad 0 \le t \le 1,

with weights :math:`\theta` in one vector: the rows (A, a), then c, C and e. The midpoint rule makes N layers of it. The cost is a sum
of squares of residuals,

.. math:: \frac 1n \sum |x(1) - y|^2 + \frac{\lambda}{n} \sum \frac{|v_{k+1} - v_k|^2}{h} + \mu |\theta|^2 ,

so that the method of Levenberg and Marquardt takes it to its minimum in some tens of steps. Derived on the page gauge-fixing.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import Diverged, InvalidArgument

__all__ = ["flow", "levenberg_marquardt", "training_system"]

_STILL = 1e-15  # a step of this size relative to the weights is lost in their rounding
Numbers = Callable[[np.ndarray], np.ndarray]


@checked
def levenberg_marquardt(
    residuals: Numbers, jacobian: Numbers, start: Float[np.ndarray, " weight"], steps: int
) -> tuple[Float[np.ndarray, " weight"], Float[np.ndarray, " step"]]:
    r"""Make :math:`|r(\theta)|^2` small with steps :math:`-(J^T J + \kappa)^{-1} J^T r`; return the weights and the cost after each step.

    A step never goes along a direction in which all residuals stand still, so what they leave open stays as the start had it;
    `scipy.optimize.least_squares` does not promise this, and its factorisation of J costs ten times more than the small normal matrix.

    Parameters
    ----------
    residuals, jacobian : callable
        Take weights, return residuals and their Jacobian.
    start : numpy.ndarray
        The first weights.
    steps : int
        At most so many; fewer if no step makes the cost smaller, or the weights no longer move.

    Raises
    ------
    Diverged
        If the residuals at the start or a Jacobian are not finite.

    Examples
    --------
    >>> theta, _ = levenberg_marquardt(
    ...     lambda z: z[:1] ** 2 - 4, lambda z: np.array([[2 * z[0], 0.0]]), np.array([1.0, 7.0]), 20)
    >>> theta.round(9)
    array([2., 7.])
    """
    theta, kappa = checks.array("start", start, shape=("weight",)), 0.1
    costs: list[float] = []
    r = checks.finite_result("the residuals", residuals(theta), where="the start", remedy="start from smaller weights")
    for _ in range(checks.count("steps", steps)):
        J = checks.finite_result("the Jacobian", jacobian(theta), where="a step", remedy="start from smaller weights")
        normal, pull = J.T @ J, J.T @ r
        while True:
            step = np.linalg.solve(normal + kappa * np.eye(len(theta)), pull)
            if abs(step).max() < _STILL * abs(theta).max():
                return theta, np.array(costs)
            with np.errstate(over="ignore", invalid="ignore"):
                r_new = residuals(theta - step)
            if r_new @ r_new < r @ r:
                break
            if (kappa := 4 * kappa) > 1e12:
                return theta, np.array(costs)
        theta, r, kappa = theta - step, r_new, max(kappa / 3, 1e-12)
        costs.append(float(r @ r))
    return theta, np.array(costs)


@checked
def flow(
    theta: Float[np.ndarray, " weight"], x: Float[np.ndarray, "data 2"], steps: int
) -> tuple[Float[np.ndarray, "time data 2"], Float[np.ndarray, "time data 2"]]:
    """Return positions and velocities of points of the plane at the N + 1 times, by the midpoint rule.

    Examples
    --------
    >>> flow(np.zeros(8), np.ones((1, 2)), steps=4)[0][-1]
    array([[1., 1.]])
    """
    _check(theta, x)
    positions, velocities = _paths(theta, x, checks.count("steps", steps, maximum=checks.MOST_STEPS), 0)[:2]
    if not np.isfinite(positions).all():
        raise Diverged("the flow", f"one of {steps} steps", "take smaller weights")
    return positions, velocities


@checked
def training_system(
    x: Float[np.ndarray, "data 2"], y: Float[np.ndarray, "data 2"], steps: int, lam: float = 0.0, mu: float = 0.0
) -> tuple[Numbers, Numbers]:
    """Return two functions of the weights: residuals and Jacobian of the cost with N steps, `lam` for bending and `mu` for decay.

    Examples
    --------
    >>> residuals, jacobian = training_system(np.zeros((3, 2)), np.ones((3, 2)), steps=4, lam=0.1)
    >>> r = residuals(np.zeros(8))
    >>> round(float(r @ r), 12), jacobian(np.zeros(8)).shape
    (2.0, (30, 8))
    """
    checks.array("x", x, shape=("data", 2))
    checks.array("y", y, shape=x.shape)
    checks.count("steps", steps, maximum=checks.MOST_STEPS)
    bend, decay = (np.sqrt(checks.number(name, value, minimum=0)) for name, value in (("lam", lam), ("mu", mu)))

    weight = bend * np.sqrt(steps / len(x))

    def residuals(theta: np.ndarray) -> np.ndarray:
        _check(theta, x)
        positions, v = _paths(theta, x, steps, 0)[:2]
        parts = [(positions[-1] - y).ravel() / len(x) ** 0.5]
        if bend:
            parts.append(weight * np.diff(v, axis=0).ravel())
        if decay:
            parts.append(decay * theta)
        return np.concatenate(parts)

    def jacobian(theta: np.ndarray) -> np.ndarray:
        _check(theta, x)
        dx, dv = _paths(theta, x, steps, len(theta))[2:]
        parts = [dx.reshape(-1, len(theta)) / len(x) ** 0.5]
        if bend:
            parts.append(weight * np.diff(dv, axis=0).reshape(-1, len(theta)))
        if decay:
            parts.append(decay * np.eye(len(theta)))
        return np.concatenate(parts)

    return residuals, jacobian


def _check(theta: np.ndarray, x: np.ndarray) -> None:
    checks.array("x", x, shape=("data", 2))
    if len(checks.array("theta", theta, shape=("weight",))) % 6 != 2 or len(theta) < 8:
        raise InvalidArgument("theta", "6 H + 2 weights", len(theta), "one for each entry of (A, a), c, C and e")


def _paths(theta: np.ndarray, x: np.ndarray, steps: int, weights: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Positions, velocities, and the derivatives of the last position and of all velocities by all weights or by none."""
    h, dx = 1 / steps, np.zeros((*x.shape, weights))
    positions, velocities, dvs = [x], [], []
    for k in range(steps + 1):
        v, dv = _velocity(theta, k * h, x, dx)
        velocities.append(v)
        dvs.append(dv)
        if k < steps:
            middle, dm = _velocity(theta, (k + 0.5) * h, x + h / 2 * v, dx + h / 2 * dv)
            x, dx = x + h * middle, dx + h * dm
            positions.append(x)
    return np.array(positions), np.array(velocities), dx, np.array(dvs)


def _velocity(theta: np.ndarray, t: float, x: np.ndarray, dx: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The field v and its derivative by the weights, the direct part and the one through x, unless dx has none."""
    H = len(theta) // 6
    A, c, C, e = theta[: 3 * H].reshape(H, 3), theta[3 * H : 4 * H], theta[4 * H : 6 * H].reshape(2, H), theta[6 * H :]
    into = np.column_stack([x, np.full(len(x), t)])
    hidden = np.tanh(into @ A.T + c)
    if not dx.size:
        return hidden @ C.T + e, dx
    slope = C * (1 - hidden**2)[:, None, :]  # [data, output, hidden]
    dv = slope @ A[:, :2] @ dx
    dv[:, :, : 3 * H] += (slope[..., None] * into[:, None, None, :]).reshape(len(x), 2, 3 * H)
    dv[:, :, 3 * H : 4 * H] += slope
    for i in range(2):
        dv[:, i, (4 + i) * H : (5 + i) * H] += hidden
        dv[:, i, 6 * H + i] += 1
    return hidden @ C.T + e, dv
