r"""Sampling the interacting machine layer by layer: block Gibbs, exact at every step.

Units of even layers are linked to odd layers only, so given the odd layers all even ones are independent, and the other way round.
The conditional density of one unit, with :math:`c = a_{k-1} + a_k + M_k` and :math:`b = a_{k-1}\phi_{k-1} + a_k\phi_{k+1}`, is

.. math:: p(\phi) \propto \exp\Big[-\frac1\hbar\Big(\frac c2\phi^2 - b\,\phi + \frac L4\phi^4\Big)\Big] .

It is drawn without error by rejection: around its mode :math:`\mu`, :math:`c\mu + L\mu^3 = b`, a Gaussian of mean :math:`\mu` and
variance :math:`\hbar/c` covers the density, because

.. math:: \tfrac14\phi^4 - \mu^3\phi + \tfrac34\mu^4 = \tfrac14(\phi - \mu)^2\big[(\phi + \mu)^2 + 2\mu^2\big] \ge 0 .

Derived in the page ``discussion/deep-boltzmann-holography``.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.quantum_gravity.dictionary.layered_stack import LayeredStack
from nnqg.quantum_gravity.dictionary.saddle_point import classical_profile

__all__ = ["sample"]


@checked
def sample(
    stack: LayeredStack,
    source: float,
    *,
    hbar: float = 1.0,
    chains: int,
    sweeps: int,
    burn_in: int,
    rng: np.random.Generator,
) -> Float[np.ndarray, "sweep chain layer"]:
    r"""Draw states of the machine with its visible unit held at the source, in many chains at once.

    All chains start at the classical profile. A sweep redraws the odd layers, then the even ones; those after ``burn_in`` are kept.
    hbar is the temperature of the machine.

    Raises
    ------
    Diverged
        If the free machine's integral does not exist.

    Examples
    --------
    >>> stack = LayeredStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.zeros(2))
    >>> states = sample(stack, 1.0, chains=4, sweeps=3, burn_in=0, rng=np.random.default_rng(1))
    >>> states.shape, bool((states[:, :, 0] == 1.0).all())
    ((3, 4, 2), True)
    """
    hbar = checks.number("hbar", hbar, above=0)
    burn_in = checks.count("burn_in", burn_in, minimum=0, maximum=10 * checks.MOST_STEPS)
    start = np.append(classical_profile(stack, source), 0.0)  # no unit behind the last
    phi = np.tile(start, (checks.count("chains", chains, maximum=10 * checks.MOST_STEPS), 1))
    links = np.append(stack.links, 0.0)
    curvature = stack.quadratic[1:] + links[:-1] + links[1:]
    blocks = [np.arange(k, len(links), 2) for k in (1, 2) if k < len(links)]
    states = np.empty((checks.count("sweeps", sweeps, maximum=10 * checks.MOST_STEPS), len(phi), len(links)))
    for sweep in range(-burn_in, sweeps):
        for k in blocks:
            b = links[k - 1] * phi[:, k - 1] + links[k] * phi[:, k + 1]
            phi[:, k] = _draw(curvature[k - 1], stack.quartic[k], b, hbar, rng)
        if sweep >= 0:
            states[sweep] = phi[:, :-1]
    return states


def _draw(c: np.ndarray, quartic: np.ndarray, b: np.ndarray, hbar: float, rng: np.random.Generator) -> np.ndarray:
    """Draw from the conditional density by rejection, all units of a block at once."""
    c, quartic = np.broadcast_to(c, b.shape).ravel(), np.broadcast_to(quartic, b.shape).ravel()
    mode = _mode(c, quartic, b.ravel())
    drawn, left = np.empty_like(mode), np.arange(mode.size)
    while left.size:
        mu = mode[left]
        move = np.sqrt(hbar / c[left]) * rng.standard_normal(left.size)
        both = 2 * mu + move
        excess = quartic[left] * move * move * (both * both + 2 * mu * mu) / (4 * hbar)
        kept = rng.random(left.size) < np.exp(-excess)
        drawn[left[kept]] = (mu + move)[kept]
        left = left[~kept]
    return drawn.reshape(b.shape)


def _mode(c: np.ndarray, quartic: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Solve c mu + L mu^3 = b for its one real root, mu = 2 r sinh(arsinh(b / (2 L r^3)) / 3) with r^2 = c / (3 L)."""
    cubic = quartic * b * b > 1e-14 * c * c * c  # otherwise the cubic term is below rounding
    safe = np.where(cubic, quartic, 1.0)
    r = np.sqrt(c / (3 * safe))
    return np.where(cubic, 2 * r * np.sinh(np.arcsinh(b / (2 * safe * r * r * r)) / 3), b / c)
