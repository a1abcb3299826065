r"""Families of :math:`-dE/dx = x\,q(x)` with q > 0: what a black brane with a dilaton is made of.

The factor x makes the dilaton regular at the horizon. Towards the boundary :math:`\frac{16}{9}\Phi'^2 = \frac12 x\,q\tanh x`, so
:math:`q \sim e^{-2x}/x` is a dilaton that falls as :math:`e^{-4\eta}`, the response of an operator of dimension 4. The rate at which q
falls is at least 1.5, so that `nnqg.emergent_spacetime.thermal_dilaton.thermal_solution.solve_thermal` finds the end of its tail.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import Steepness

__all__ = ["TAIL", "exponential", "nodal"]

TAIL = 2.0
"""Beyond its last node q falls as exp(-TAIL x), if nothing else is said."""


@checked
def exponential(amplitude: float, rate: float, end: float = np.inf) -> Steepness:
    r""":math:`q = A e^{-sx}`, with the rate s at least 1.5, up to `end`, and 0 behind; A = 0 is AdS-Schwarzschild.

    Examples
    --------
    >>> exponential(10.0, 2.0)(np.array([0.0, 0.5])).round(4)
    array([0.    , 1.8394])
    """
    amplitude, rate = checks.number("amplitude", amplitude, minimum=0), checks.number("rate", rate, minimum=1.5)
    if end != np.inf:
        checks.number("end", end, above=0)
    return lambda x: amplitude * x * np.exp(-rate * x) * (x < end)


@checked(infinite=("tail",))
def nodal(log_q: Float[np.ndarray, " node"], end: float = 4.0, tail: float = TAIL) -> Steepness:
    """Log q linear between equidistant nodes from x = 0 to `end`, and falling with the rate `tail` behind; infinity switches it off there.

    Examples
    --------
    >>> nodal(np.zeros(5))(np.array([1.0, 4.0, 5.0])).round(4)
    array([1.    , 4.    , 0.6767])
    """
    checks.array("log_q", log_q, shape=("node",))
    nodes = np.linspace(0.0, checks.number("end", end, above=0), checks.count("number of nodes", len(log_q), minimum=2))
    if tail == np.inf:
        return lambda x: x * np.exp(np.interp(x, nodes, log_q)) * (x < end)
    checks.number("tail", tail, minimum=1.5)
    return lambda x: x * np.exp(np.interp(x, nodes, log_q) - tail * np.maximum(x - end, 0.0))
