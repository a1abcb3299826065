r"""Hamiltonian systems of one degree of freedom whose motion is known: :math:`H = p^2/2 + V(q)`, mass 1, all quantities without unit.

`PENDULUM` has :math:`V = -\cos q`, `DOUBLE_WELL` :math:`V = -q^2/2 + q^4/4`. Their periods are elliptic
integrals, the standard against which a network's motion is measured. The reference trajectories come from scipy's DOP853.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import numpy as np
from jaxtyping import Float
from scipy.integrate import solve_ivp
from scipy.special import ellipk

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument, NotConverged

__all__ = [
    "DOUBLE_WELL",
    "PENDULUM",
    "Oscillator",
    "double_well_period",
    "flow",
    "launch",
    "measured_period",
]


MOST_EVALUATIONS = 50_000


@checked
@dataclass(frozen=True)
class Oscillator:
    """A particle of mass 1 in a potential.

    Attributes
    ----------
    potential, force : callable
        V(q) and -V'(q), acting on numpy arrays.

    Examples
    --------
    >>> float(DOUBLE_WELL.energy(np.array([1.0, 1.0])))
    0.25
    """

    potential: Callable[[np.ndarray], np.ndarray]
    force: Callable[[np.ndarray], np.ndarray]

    def energy(self, state: Float[np.ndarray, "*points 2"]) -> Float[np.ndarray, "*points"]:
        """Energy p^2/2 + V(q)."""
        checks.array("state", state)
        if state.shape[-1:] != (2,):
            raise InvalidArgument("state", "a last axis of length 2 (q and p)", f"shape {state.shape}", "stack q and p along the last axis")
        energy = np.asarray(state[..., 1] ** 2 / 2 + self.potential(state[..., 0]))
        return checks.array("potential", energy, shape=state.shape[:-1], nan=True)


PENDULUM = Oscillator(lambda q: -np.cos(q), lambda q: -np.sin(q))
DOUBLE_WELL = Oscillator(lambda q: -(q**2) / 2 + q**4 / 4, lambda q: q - q**3)


@checked
def flow(
    oscillator: Oscillator, starts: Float[np.ndarray, "particle 2"], times: Float[np.ndarray, " time"]
) -> Float[np.ndarray, "time particle 2"]:
    """Trajectories to eleven digits, by the adaptive Runge-Kutta method of order 8.

    Raises
    ------
    Diverged
        If the force or a momentum is no longer finite.
    NotConverged
        If the integrator gives up, or needs more than 50 000 evaluations.

    Examples
    --------
    >>> oscillator = Oscillator(lambda q: q**2 / 2, lambda q: -q)
    >>> flow(oscillator, np.array([[1.0, 0.0]]), np.array([0.0, np.pi])).round(9)[1]
    array([[-1., -0.]])
    """
    checks.array("starts", starts, shape=("particle", 2))
    checks.array("times", times, shape=("time",), minimum=0.0)
    _check_increasing(times)

    evaluations = count()

    def velocity(time: float, flat: np.ndarray) -> np.ndarray:
        if next(evaluations) >= MOST_EVALUATIONS:
            raise NotConverged("DOP853", f"time {time:.6g} after {MOST_EVALUATIONS} evaluations", "ask for shorter times")
        q, p = flat.reshape(2, -1)
        rate = np.concatenate([p, oscillator.force(q)], dtype=float)  # a complex force is refused
        return checks.finite_result("trajectory", rate, where=f"time {time:.6g}", remedy="check the force and the starts")

    span = (0.0, float(times[-1]) or 1.0)
    solution = solve_ivp(velocity, span, starts.T.ravel(), "DOP853", t_eval=times, rtol=1e-11, atol=1e-12)
    if not solution.success:
        raise NotConverged("DOP853", solution.message, "check the potential for singularities")
    return np.moveaxis(solution.y.reshape(2, len(starts), -1), (0, 1, 2), (2, 1, 0))


@checked
def double_well_period(energy: float) -> float:
    r"""Period in the double well: :math:`2\sqrt2 K(m)/A` inside one well, :math:`4 K(m)/\sqrt{A^2 - 1}` across both.

    The outer turning point is :math:`A^2 = 1 + \sqrt{1 + 4 E}`, and :math:`m = 2 (A^2 - 1)/A^2` for E < 0,
    :math:`m = A^2/2 (A^2 - 1)` for E > 0.

    The energy lies above -1/4; at E = 0, the separatrix, the period is infinite and refused.

    Examples
    --------
    >>> round(double_well_period(-0.25 + 1e-9) / (2**0.5 * np.pi), 6)
    1.0
    """
    energy = checks.number("energy", energy, above=-0.25)
    if energy == 0:
        raise InvalidArgument("energy", "an energy off the separatrix", energy, "choose E < 0 or E > 0")
    square = 1 + np.sqrt(1 + 4 * energy)
    if energy < 0:
        return float(2 * np.sqrt(2 / square) * ellipk(2 * (square - 1) / square))
    return float(4 / np.sqrt(square - 1) * ellipk(square / (2 * (square - 1))))


@checked
def launch(energies: Float[np.ndarray, " particle"], rng: np.random.Generator) -> Float[np.ndarray, "particle 2"]:
    """Random points of double-well orbits: uniform in time along the orbit of each energy, in either well if E < 0.

    Examples
    --------
    >>> states = launch(np.array([-0.1, 0.3]), np.random.default_rng(0))
    >>> DOUBLE_WELL.energy(states).round(9)
    array([-0.1,  0.3])
    """
    checks.array("energies", energies, shape=("particle",))
    times = [rng.uniform(0.01, 1) * double_well_period(float(energy)) for energy in energies]
    turning_points = np.sqrt(1 + np.sqrt(1 + 4 * energies)) * rng.choice([-1.0, 1.0], len(energies))
    pairs = zip(turning_points, times, strict=True)
    return np.stack([flow(DOUBLE_WELL, np.array([[q, 0.0]]), np.array([time]))[0, 0] for q, time in pairs])


@checked(nan=("return",))
def measured_period(times: Float[np.ndarray, " time"], momentum: Float[np.ndarray, " time"]) -> float:
    """Mean period of a trajectory, from the times at which p changes sign upwards, interpolated linearly.

    It is NaN if p crosses zero upwards fewer than two times: such a trajectory does not swing.

    Examples
    --------
    >>> t = np.linspace(0, 40, 4001)
    >>> round(measured_period(t, np.sin(t)) / (2 * np.pi), 5)
    1.0
    """
    checks.array("times", times, shape=("time",))
    _check_increasing(times)
    checks.array("momentum", momentum, shape=(len(times),))
    before = np.flatnonzero((momentum[:-1] <= 0) & (momentum[1:] > 0))
    if len(before) < 2:
        return float("nan")
    fraction = -momentum[before] / (momentum[before + 1] - momentum[before])
    crossings = times[before] + fraction * (times[before + 1] - times[before])
    return float((crossings[-1] - crossings[0]) / (len(crossings) - 1))


def _check_increasing(times: np.ndarray) -> None:
    if not (np.diff(times) > 0).all():
        raise InvalidArgument("times", "increasing times", times, "sort them and remove repetitions")
