r"""A particle with time-dependent friction as a deep network: one layer is one time step (slide ③ 5/5).

.. math:: m \ddot x = h(t) \dot x + \frac{\partial V}{\partial x}.

The force is *plus* the slope of V, the sign of a scalar field in anti-de Sitter space, and friction means h < 0. The weights of
layer n are the values of h at the beginning, the middle and the end of its time step, so a network of N layers reads h at 2N + 1
times. Besides the trajectory :math:`(x, v)` the network can carry tangents :math:`(\xi, \zeta)`, the derivatives of the trajectory
with respect to its initial data, :math:`m \dot \zeta = h \zeta + V''(x)\, \xi`, :math:`\dot \xi = \zeta`.

Arrays of states have the axes ``[pair, 2, fit, data]``: pair 0 is the trajectory, the others are tangents; 2 is (x, v).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.runge_kutta import TABLEAUX

__all__ = ["FrictionNetwork", "Particle"]


@checked
@dataclass(frozen=True)
class Particle:
    r"""A particle of mass m in the polynomial potential :math:`V(x) = \sum_k a_k x^k`, with the force :math:`+V'(x)`.

    Parameters
    ----------
    potential : tuple of float
        The coefficients :math:`a_0, a_1, \dots`, at least two of them.

    Examples
    --------
    >>> Particle((0.0, 0.0, -0.5, 0.0, -0.125)).accelerations
    array([[-0.5,  0. , -1. ,  0. ], [ 0. , -1.5,  0. , -1. ], [ 0. ,  0. , -3. ,  0. ]])
    """

    potential: tuple[float, ...]
    mass: float = 1.0

    def __post_init__(self) -> None:
        checks.number("mass", self.mass, above=0)
        checks.count("number of coefficients of the potential", len(self.potential), minimum=2)
        for coefficient in self.potential:
            checks.number("potential", coefficient)

    @property
    def accelerations(self) -> Float[np.ndarray, "3 power"]:
        """Coefficients, highest power first, of V'/m and of its two derivatives by x."""
        slope = np.polynomial.polynomial.polyder(np.array(self.potential, dtype=float)) / self.mass
        rows = [np.polynomial.polynomial.polyder(slope, k)[::-1] for k in range(3)]
        return np.stack([np.pad(row, (len(slope) - len(row), 0)) for row in rows])


@checked
@dataclass(frozen=True)
class FrictionNetwork:
    """The residual network whose layers are the time steps of a particle with friction.

    Parameters
    ----------
    duration : float
        When the velocity is read off; the talk says 10.
    layers : int
        Number of time steps.
    scheme : str
        What one layer does: a name in `nnqg.runge_kutta.TABLEAUX`, such as Runge and Kutta's "rk4" or "euler".

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
        checks.option("scheme", self.scheme, TABLEAUX)

    @property
    def step(self) -> float:
        """The time step of a layer."""
        return self.duration / self.layers

    @property
    def times(self) -> Float[np.ndarray, " time"]:
        """The 2 * layers + 1 times at which the network reads h."""
        return np.linspace(0.0, self.duration, 2 * self.layers + 1)
