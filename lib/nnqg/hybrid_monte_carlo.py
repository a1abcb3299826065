r"""Hybrid Monte Carlo (Duane and others 1987), many chains at a time; used in the page ``quantum-mechanics/ground-states``.

Wanted are states u with the probability :math:`\propto e^{-S(u)}`. Give every variable a momentum with the probability
:math:`e^{-p^2/2}`, and let :math:`H = \tfrac12p^2 + S(u)` move both for a while:

.. math:: \dot u = p , \qquad \dot p = -\nabla S(u) .

*Leapfrog* steps of the length :math:`\epsilon` keep volumes and can be run backwards, but change H by :math:`\Delta H = O(\epsilon^2)` at
the end of a trajectory. Accepting the end with the probability :math:`\min(1, e^{-\Delta H})` makes up for it exactly, whatever
:math:`\epsilon`, and :math:`\langle e^{-\Delta H}\rangle = 1` is a check. A sampler can be exact and still never leave a valley: no
error bar knows of a state that no chain has visited.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from nnqg import checks
from nnqg.autocorrelation import integrated_autocorrelation
from nnqg.boundary import checked
from nnqg.errors import Diverged, NotConverged

__all__ = ["Estimate", "Samples", "estimate", "leapfrog", "sample"]

_FEWEST = 100
"""Independent values that an error bar needs, to be known to 7 %."""

_SMALLER = "take smaller steps, or start closer to typical states; an action without a lower bound has none"


@checked
@dataclass(frozen=True)
class Samples:
    r"""What a run of `sample` has seen, and where it ended.

    Parameters
    ----------
    values : numpy.ndarray
        What ``observe`` returned after each trajectory.
    energy_errors : numpy.ndarray
        :math:`\Delta H` of each trajectory.
    accepted : numpy.ndarray
        Whether the end of each trajectory was accepted.
    state : numpy.ndarray
        The last state of every chain.
    """

    values: Float[np.ndarray, "trajectory *quantity chain"]
    energy_errors: Float[np.ndarray, "trajectory chain"]
    accepted: Bool[np.ndarray, "trajectory chain"]
    state: Float[np.ndarray, "chain variable"]


@checked
@dataclass(frozen=True)
class Estimate:
    r"""A mean over chains, its standard error, and the autocorrelation time :math:`\tau` in sweeps, of which the error takes account."""

    mean: float
    error: float
    tau: float


@checked
def leapfrog(
    gradient: Callable[[np.ndarray], np.ndarray],
    u: Float[np.ndarray, "chain variable"],
    p: Float[np.ndarray, "chain variable"],
    step: float,
    leaps: int,
) -> tuple[Float[np.ndarray, "chain variable"], Float[np.ndarray, "chain variable"]]:
    r"""Return u and p after ``leaps`` steps of :math:`\dot u = p, \dot p = -\nabla S(u)`: half a kick, drifts and kicks, half a kick.

    Raises
    ------
    Diverged
        If u or p is no longer finite.

    Examples
    --------
    >>> u, p = leapfrog(lambda u: u, np.ones((1, 1)), np.zeros((1, 1)), np.pi / 100, 50)
    >>> abs(float(u[0, 0].round(3))), float(p[0, 0].round(3))
    (0.0, -1.0)
    """
    checks.array("u", u, shape=("chain", "variable"))
    checks.array("p", p, shape=u.shape)
    checks.number("step", step)
    with np.errstate(over="ignore", invalid="ignore"):
        u, p = u.copy(), p - step / 2 * gradient(u)
        for leap in range(checks.count("leaps", leaps, maximum=checks.MOST_STEPS)):
            u += step * p
            p -= (step if leap < leaps - 1 else step / 2) * gradient(u)
        checks.finite_result("leapfrog", [u.sum(), p.sum()], where=f"step {step:g}, within {leaps} leaps", remedy=_SMALLER)
    return u, p


@checked
def sample(
    action: Callable[[np.ndarray], np.ndarray],
    gradient: Callable[[np.ndarray], np.ndarray],
    start: Float[np.ndarray, "chain variable"],
    rng: np.random.Generator,
    *,
    step: float,
    leaps: int,
    trajectories: int,
    discard: int = 0,
    observe: Callable[[np.ndarray], np.ndarray],
    move: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None = None,
) -> Samples:
    r"""Return what is observed along chains whose states have the probability :math:`\propto e^{-S(u)}`.

    Parameters
    ----------
    action, gradient : callable
        S(u), one number for each chain, and :math:`\nabla S(u)`, of the shape of u.
    start : numpy.ndarray
        A first state for every chain.
    step, leaps : float, int
        Length and largest number of the leapfrog steps of a trajectory. The number is drawn anew from the upper half of
        :math:`1 \dots` ``leaps``, lest a trajectory of one fixed length brings an oscillating variable back to where it was.
    trajectories, discard : int
        How many are observed, and how many before these are not.
    observe : callable
        What to keep of the states u: an array whose last axis is the chain.
    move : callable, optional
        ``move(u, rng)``, another step that keeps the distribution; it follows each trajectory.

    Raises
    ------
    Diverged
        If a trajectory leaves the finite numbers.

    Examples
    --------
    >>> bell = sample(lambda u: (u * u).sum(1) / 2, lambda u: u, np.zeros((100, 1)), np.random.default_rng(1),
    ...               step=0.5, leaps=3, trajectories=200, discard=10, observe=lambda u: u[:, 0] ** 2)
    >>> square = estimate(bell.values)
    >>> abs(square.mean - 1) < 4 * square.error
    True
    """
    u = checks.array("start", start, shape=("chain", "variable"))
    checks.number("step", step, above=0), checks.count("leaps", leaps, maximum=checks.MOST_STEPS)
    seen: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    S = _energy("the action of the start", action, u)
    for number in range(
        checks.count("discard", discard, minimum=0, maximum=checks.MOST_STEPS)
        + checks.count("trajectories", trajectories, maximum=checks.MOST_STEPS)
    ):
        p = rng.standard_normal(u.shape)
        new, p_new = leapfrog(gradient, u, p, step, int(rng.integers((leaps + 1) // 2, leaps + 1)))
        S_new = _energy(f"the action after trajectory {number + 1}", action, new)
        dH = S_new - S + (np.einsum("cv,cv->c", p_new, p_new) - np.einsum("cv,cv->c", p, p)) / 2
        yes = rng.random(len(u)) < np.exp(-np.maximum(dH, 0.0))
        u, S = np.where(yes[:, None], new, u), np.where(yes, S_new, S)
        if move is not None:
            u = move(u, rng)
            S = _energy(f"the action after move {number + 1}", action, u)
        if number >= discard:
            seen.append((observe(u), dH, yes))
    values, errors, accepted = (np.array(kept) for kept in zip(*seen, strict=True))
    return Samples(values, errors, accepted, u)


@checked
def estimate(series: Float[np.ndarray, "sweep chain"]) -> Estimate:
    r"""Return the mean, its standard error :math:`\sigma\sqrt{\tau/n}` from n values, and the autocorrelation time :math:`\tau`.

    Raises
    ------
    NotConverged
        If the series is shorter than the window of :math:`\tau`, or holds fewer than 100 independent values.

    Examples
    --------
    >>> found = estimate(np.random.default_rng(1).standard_normal((400, 25)))
    >>> 0.009 < found.error < 0.011
    True
    """
    tau = integrated_autocorrelation(series)
    independent = series.size / max(tau, 1.0)
    if independent < _FEWEST or tau <= 0:
        raise NotConverged("the error bar", f"{independent:.0f} independent values of {_FEWEST} needed", "record more sweeps or chains")
    return Estimate(float(series.mean()), float(series.std() * np.sqrt(tau / series.size)), tau)


def _energy(what: str, action: Callable[[np.ndarray], np.ndarray], u: np.ndarray) -> np.ndarray:
    """Return a finite action for each chain."""
    with np.errstate(over="ignore", invalid="ignore"):
        S = action(u)
    if not np.isfinite(S).all():
        raise Diverged("hybrid Monte Carlo", f"{what} of {int((~np.isfinite(S)).sum())} chains", _SMALLER)
    return checks.array("action(u)", S, shape=(len(u),))
