r"""The interacting machine, exactly: sums over layers as a chain of one-dimensional integrals (a transfer matrix along the depth).

With weights :math:`e^{-E/\hbar}` and the visible unit held at J, messages run from the horizon outwards,

.. math:: u_k(\phi) = e^{-V_k(\phi)/\hbar}\int d\phi'\,e^{-a_k(\phi - \phi')^2/2\hbar}\,u_{k+1}(\phi'), \qquad
    V_k = \frac{M_k}{2}\phi^2 + \frac{L_k}{4}\phi^4 ,

and others from the boundary inwards. On equidistant points the trapezoidal rule converges exponentially for such integrands.
The points of each layer reach 10 standard deviations of the *free* machine around the classical profile: a convex addition to the energy
makes every variance smaller (Brascamp and Lieb). Their distance has to resolve the width of one unit between fixed neighbours.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import logsumexp

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.gaussian_layers import layer_recursion
from nnqg.quantum_gravity.dictionary.layered_stack import LayeredStack
from nnqg.quantum_gravity.dictionary.saddle_point import classical_profile

__all__ = ["Clamped", "clamp"]

_REACH = 10.0  # standard deviations
_COARSEST = 1.5  # widths of a unit between fixed neighbours; the error of log Z is then about 1e-6


@checked
@dataclass(frozen=True)
class Clamped:
    r"""The machine with its visible unit held at J.

    Attributes
    ----------
    log_z : float
        :math:`\log Z[J]`, with the measure :math:`\prod_k d\phi_k` over the hidden layers.
    points, density : numpy.ndarray, shape (hidden, point)
        Values of each hidden unit and its marginal density there.
    """

    log_z: float
    points: Float[np.ndarray, "hidden point"]
    density: Float[np.ndarray, "hidden point"]

    def moment(self, power: int, centre: Float[np.ndarray, " hidden"] | None = None) -> Float[np.ndarray, " hidden"]:
        """Return a moment of every hidden unit, about ``centre`` or 0."""
        shifted = self.points - (0.0 if centre is None else centre[:, None])
        return (shifted ** checks.count("power", power) * self.density).sum(1) * (self.points[:, 1] - self.points[:, 0])

    def cumulants(self) -> Float[np.ndarray, "4 hidden"]:
        """Return the first four cumulants of every hidden unit."""
        mean = self.moment(1)
        second, third, fourth = (self.moment(power, mean) for power in (2, 3, 4))
        return np.stack([mean, second, third, fourth - 3 * second**2])


@checked
def clamp(stack: LayeredStack, source: float, hbar: float = 1.0, points: int = 401) -> Clamped:
    """Hold the visible unit at the source, J, and integrate over all hidden layers, each on so many points.

    Raises
    ------
    Diverged
        If the free machine's integral does not exist.

    Examples
    --------
    >>> stack = LayeredStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.zeros(2))
    >>> free = clamp(stack, 1.0)
    >>> round(free.log_z - clamp(stack, 0.0).log_z, 12)  # -K_0/2 with K_0 = 2
    -1.0
    >>> free.cumulants()[:2].round(6)
    array([[0.5 ],
           [0.25]])
    """
    source, hbar = checks.number("source", source), checks.number("hbar", hbar, above=0)
    grid = _points(stack, source, hbar, checks.count("points", points))
    log_site = -_potential(stack, grid, slice(1, None)) / hbar
    log_step = np.log(grid[:, 1] - grid[:, 0])
    hops = [-a * (grid[k][:, None] - grid[k + 1]) ** 2 / (2 * hbar) for k, a in enumerate(stack.links[1:])]
    first = -stack.links[0] * (source - grid[0]) ** 2 / (2 * hbar)
    outward, inward = [log_site[-1]], [first + log_site[0]]
    for k in range(len(hops) - 1, -1, -1):
        outward.insert(0, log_site[k] + logsumexp(hops[k] + outward[0], axis=1) + log_step[k + 1])
        inward.append(0.0)
    for k, hop in enumerate(hops):
        inward[k + 1] = log_site[k + 1] + logsumexp(hop + inward[k][:, None], axis=0) + log_step[k]
    log_z = logsumexp(first + outward[0]) + log_step[0]
    density = np.exp(np.stack(outward) + np.stack(inward) - log_site - log_z)
    visible = _potential(stack, np.array([[source]]), slice(0, 1))[0, 0] / hbar
    return Clamped(float(log_z - visible), grid, density)


def _points(stack: LayeredStack, source: float, hbar: float, points: int) -> np.ndarray:
    """Equidistant points for each hidden unit, fine enough for its width between fixed neighbours."""
    layer_recursion(stack)  # raises where an integral does not exist
    profile, matrix = classical_profile(stack, source)[1:], stack.precision[1:, 1:]
    spread = np.sqrt(np.diag(np.linalg.inv(matrix)))
    width = 1 / np.sqrt(np.diag(matrix) + 3 * stack.quartic[1:] * profile**2)
    needed = int(np.ceil(2 * _REACH * (spread / width).max() / _COARSEST)) + 1
    if points < needed:
        raise InvalidArgument("points", f"at least {needed} for this machine", points, "take more points or fewer layers")
    return profile[:, None] + _REACH * np.sqrt(hbar) * spread[:, None] * np.linspace(-1, 1, points)


def _potential(stack: LayeredStack, phi: np.ndarray, layers: slice) -> np.ndarray:
    """V_k on the points of each layer."""
    return stack.quadratic[layers, None] * phi**2 / 2 + stack.quartic[layers, None] * phi**4 / 4
