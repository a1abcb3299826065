r"""A particle with time-dependent friction as a deep network: one layer is one time step.

The problem is that of the talk, "When is NN a spacetime?" 5/5:

.. math:: m \ddot x = h(t) \dot x + \frac{\partial V}{\partial x}.

The force is *plus* the slope of V, the sign of a scalar field in anti-de Sitter space, and friction means h < 0. The weights of
layer n are the values of h at the beginning, the middle and the end of its time step, so a network of N layers reads h at 2N + 1
times. Besides the trajectory :math:`(x, v)` the network can carry tangents, the derivatives of the trajectory with respect to its
initial data:

.. math:: m \dot w = h w + V''(x) y, \qquad \dot y = w.

Arrays of states have the axes ``[pair, 2, fit, data]``: pair 0 is the trajectory, the others are tangents; 2 is (x, v).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks

__all__ = ["SCHEMES", "FrictionNetwork", "Particle"]

SCHEMES = {
    "euler": ((0.0,), (1.0,)),
    "rk4": ((0.0, 0.5, 0.5, 1.0), (1 / 6, 1 / 3, 1 / 3, 1 / 6)),
}
"""Nodes and weights of explicit Runge-Kutta schemes in which each stage needs only the slope of the stage before."""


@dataclass(frozen=True)
class Particle:
    r"""A particle of mass m in the polynomial potential :math:`V(x) = \sum_k a_k x^k`, with the force :math:`+V'(x)`.

    Parameters
    ----------
    potential : tuple of float
        The coefficients :math:`a_0, a_1, \dots`, at least two of them.
    mass : float
        m, positive.

    Raises
    ------
    InvalidArgument
        If a coefficient is not a finite number, there are fewer than two, or the mass is not positive.

    Examples
    --------
    >>> Particle((0.0, 0.0, -0.5)).acceleration(np.array([2.0]))
    array([-2.])
    """

    potential: tuple[float, ...]
    mass: float = 1.0

    def __post_init__(self) -> None:
        checks.number("mass", self.mass, above=0)
        checks.count("number of coefficients of the potential", len(self.potential), minimum=2)
        slope = np.polynomial.polynomial.polyder([checks.number("potential", a) for a in self.potential]) / self.mass
        derivatives = [np.polynomial.polynomial.polyder(slope, k) for k in range(3)]
        object.__setattr__(self, "_derivatives", [tuple(map(float, coefficients)) for coefficients in derivatives])

    def acceleration(self, x: Float[np.ndarray, "*shape"], derivative: int = 0) -> Float[np.ndarray, "*shape"]:
        """Acceleration and its derivatives: :math:`V'(x)/m` (0), :math:`V''(x)/m` (1) or :math:`V'''(x)/m` (2).

        Parameters
        ----------
        x : numpy.ndarray
            Positions.
        derivative : {0, 1, 2}
            Which of them.

        Returns
        -------
        numpy.ndarray
            In the shape of x.

        Raises
        ------
        InvalidArgument
            If x is no finite array of floats, or the derivative another number.
        """
        checks.array("x", x)
        checks.option("derivative", derivative, (0, 1, 2))
        return self._acceleration(x, derivative)

    def _acceleration(self, x: np.ndarray, derivative: int) -> np.ndarray:
        """Horner's scheme, unchecked because it is called in every stage of every layer."""
        *lower, highest = self._derivatives[derivative]
        if not lower:
            return np.full_like(x, highest)
        value = highest * x
        for coefficient in reversed(lower[1:]):
            if coefficient:
                value += coefficient
            value *= x
        return value + lower[0] if lower[0] else value


@dataclass(frozen=True)
class FrictionNetwork:
    """The residual network whose layers are the time steps of a particle with friction.

    Parameters
    ----------
    particle : Particle
        What is known: mass and potential.
    duration : float
        When the velocity is read off; the talk says 10.
    layers : int
        Number of time steps.
    scheme : {"rk4", "euler"}
        What one layer does: Runge and Kutta's step of order 4, or Euler's of order 1.

    Raises
    ------
    InvalidArgument
        If the duration or the number of layers is not positive, or the scheme unknown.

    Examples
    --------
    >>> FrictionNetwork(Particle((0.0, 0.0, -0.5)), layers=2).times
    array([ 0. ,  2.5,  5. ,  7.5, 10. ])
    """

    particle: Particle
    duration: float = 10.0
    layers: int = 160
    scheme: str = "rk4"

    def __post_init__(self) -> None:
        checks.number("duration", self.duration, above=0)
        checks.count("layers", self.layers)
        checks.option("scheme", self.scheme, SCHEMES)

    @property
    def step(self) -> float:
        """The time step of a layer."""
        return self.duration / self.layers

    @property
    def times(self) -> Float[np.ndarray, " time"]:
        """The 2 * layers + 1 times at which the network reads h."""
        return np.linspace(0.0, self.duration, 2 * self.layers + 1)

    def rate(self, state: np.ndarray, friction: np.ndarray) -> np.ndarray:
        """Right-hand side of the equation of motion and of its tangents, unchecked because it is called in every stage of every layer.

        Parameters
        ----------
        state : numpy.ndarray, shape (pair, 2, fit, data)
            Trajectory and tangents.
        friction : numpy.ndarray, shape (fit, 1)
            h of each fit at this time.

        Returns
        -------
        numpy.ndarray, shape (pair, 2, fit, data)
            The rate.
        """
        x = state[0, 0]
        rate = np.empty_like(state)
        rate[:, 0] = state[:, 1]
        np.multiply(friction / self.particle.mass, state[:, 1], out=rate[:, 1])
        rate[0, 1] += self.particle._acceleration(x, 0)
        if len(state) > 1:
            rate[1:, 1] += self.particle._acceleration(x, 1) * state[1:, 0]
        return rate

    def stages(self, state: np.ndarray, friction: np.ndarray, layer: int) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        """Stages of a layer, one after the other, unchecked like `rate`.

        Parameters
        ----------
        state : numpy.ndarray, shape (pair, 2, fit, data)
            What enters the layer.
        friction : numpy.ndarray, shape (fit, time)
            h of each fit at `times`.
        layer : int
            Which layer, from 0.

        Yields
        ------
        int, numpy.ndarray, numpy.ndarray
            The index of the stage's time, its state, its rate.
        """
        rate = None
        for node in SCHEMES[self.scheme][0]:
            time = 2 * layer + round(2 * node)
            at = state if rate is None else state + (node * self.step) * rate
            rate = self.rate(at, friction[:, time, None])
            yield time, at, rate
