r"""Sampling the interacting machine layer by layer: block Gibbs, exact at every step.

Units of even layers are linked to odd layers only, so given the odd layers all even ones are independent, and the other way round.
The conditional density of one unit, with :math:`c = a_{k-1} + a_k + M_k` and :math:`b = a_{k-1}\phi_{k-1} + a_k\phi_{k+1}`, is

.. math:: p(\phi) \propto \exp\Big[-\frac1\hbar\Big(\frac c2\phi^2 - b\,\phi + \frac L4\phi^4\Big)\Big] .

It is drawn without error by rejection: around its mode :math:`\mu`, :math:`c\mu + L\mu^3 = b`, convexity gives
:math:`\frac14\phi^4 \ge \mu^3\phi - \frac34\mu^4`, so a Gaussian of mean :math:`\mu` and variance :math:`\hbar/c` covers the density.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.gaussian_layers import layer_recursion
from nnqg.quantum_gravity.dictionary.layered_stack import LayeredStack
from nnqg.quantum_gravity.dictionary.saddle_point import classical_profile

__all__ = ["conditional_mode", "sample", "slowest_rate"]


def conditional_mode(c: Float[np.ndarray, "*unit"], quartic: Float[np.ndarray, "*unit"], b: Float[np.ndarray, "*unit"]) -> np.ndarray:
    r"""Solve :math:`c\mu + L\mu^3 = b` for its one real root, with c > 0 and L at least 0.

    .. math:: \mu = 2r\,\sinh\Big(\tfrac13\operatorname{arsinh}\frac{b}{2Lr^3}\Big), \qquad r = \sqrt{c/3L} .

    Parameters
    ----------
    c, quartic, b : numpy.ndarray, shape (...)
        Coefficients.

    Returns
    -------
    numpy.ndarray
        The root.

    Raises
    ------
    InvalidArgument
        If c is not positive or L is negative.

    Examples
    --------
    >>> conditional_mode(np.array([1.0, 2.0]), np.array([1.0, 0.0]), np.array([2.0, 3.0])).round(12)
    array([1. , 1.5])
    """
    checks.array("quartic", quartic, minimum=0.0)
    checks.array("b", b)
    if checks.array("c", c).min() <= 0:
        raise InvalidArgument("c", "positive numbers", float(c.min()), "the energy must grow with the field")
    safe = np.where(quartic * b**2 > 1e-14 * c**3, quartic, 1.0)  # otherwise the cubic term is below rounding
    r = np.sqrt(c / (3 * safe))
    return np.where(quartic * b**2 > 1e-14 * c**3, 2 * r * np.sinh(np.arcsinh(b / (2 * safe * r**3)) / 3), b / c)


def sample(
    stack: LayeredStack, source: float, *, hbar: float = 1.0, chains: int, sweeps: int, burn_in: int, rng: np.random.Generator
) -> Float[np.ndarray, "sweep chain layer"]:
    r"""Draw states of the machine with its visible unit held at J, in many chains at once.

    All chains start at the classical profile. A sweep redraws the odd layers, then the even ones.

    Parameters
    ----------
    stack : LayeredStack
        The machine.
    source : float
        J, the value of the visible unit.
    hbar : float
        Temperature :math:`\hbar`, positive.
    chains, sweeps, burn_in : int
        Number of chains, of recorded sweeps, and of sweeps before them.
    rng : numpy.random.Generator
        Randomness.

    Returns
    -------
    numpy.ndarray, shape (sweep, chain, layer)
        The states, the source included.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.
    Diverged
        If the free machine's integral does not exist.

    Examples
    --------
    >>> stack = LayeredStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.zeros(2))
    >>> states = sample(stack, 1.0, chains=4, sweeps=3, burn_in=0, rng=np.random.default_rng(1))
    >>> states.shape, bool((states[:, :, 0] == 1.0).all())
    ((3, 4, 2), True)

    Notes
    -----
    Derived in the page ``discussion/deep-boltzmann-holography``.
    """
    hbar, burn_in = checks.number("hbar", hbar, above=0), checks.count("burn_in", burn_in, minimum=0)
    sweeps = checks.count("sweeps", sweeps)
    phi = np.tile(classical_profile(stack, source), (checks.count("chains", chains), 1))
    links = np.append(stack.links, 0.0)
    curvature = stack.quadratic[1:] + links[:-1] + links[1:]
    blocks = [np.arange(start, len(links), 2) for start in (1, 2) if start < len(links)]
    states = np.empty((sweeps, *phi.shape))
    for sweep in range(-burn_in, sweeps):
        padded = np.concatenate([phi, np.zeros((len(phi), 1))], axis=1)
        for block in blocks:
            b = links[block - 1] * padded[:, block - 1] + links[block] * padded[:, block + 1]
            padded[:, block] = _draw(curvature[block - 1], stack.quartic[block], b, hbar, rng)
        phi = padded[:, :-1]
        if sweep >= 0:
            states[sweep] = phi
    return states


def _draw(c: np.ndarray, quartic: np.ndarray, b: np.ndarray, hbar: float, rng: np.random.Generator) -> np.ndarray:
    """Draw from the conditional density by rejection, all units of a block at once."""
    c, quartic = np.broadcast_to(c, b.shape).ravel(), np.broadcast_to(quartic, b.shape).ravel()
    mode = conditional_mode(c, quartic, b.ravel())
    drawn, left = np.empty_like(mode), np.arange(mode.size)
    while left.size:
        mu = mode[left]
        phi = mu + np.sqrt(hbar / c[left]) * rng.standard_normal(left.size)
        excess = quartic[left] * (phi**4 / 4 - mu**3 * phi + 0.75 * mu**4) / hbar
        kept = rng.random(left.size) < np.exp(-excess)
        drawn[left[kept]] = phi[kept]
        left = left[~kept]
    return drawn.reshape(b.shape)


def slowest_rate(stack: LayeredStack) -> float:
    r"""Factor by which the slowest mode of the *free* machine forgets its start in a sweep.

    With :math:`P = D - O`, D the diagonal of the hidden block, it is the square of the spectral radius of :math:`D^{-1}O`.

    Parameters
    ----------
    stack : LayeredStack
        The machine; its quartic couplings are ignored.

    Returns
    -------
    float
        The factor, below 1.

    Raises
    ------
    Diverged
        If the free machine's integral does not exist.

    Examples
    --------
    >>> stack = LayeredStack(np.array([1.0, 0.5, 0.0]), np.array([1.0, 1.0]), np.array([0.0, 2.0, 1.0]), np.zeros(3))
    >>> round(slowest_rate(stack), 12)  # D = 4, 2 and O = 1
    0.125
    """
    layer_recursion(stack)
    links = np.append(stack.links, 0.0)
    root = np.sqrt(stack.quadratic[1:] + links[:-1] + links[1:])
    hop = stack.links[1:] / (root[:-1] * root[1:])
    return float(np.abs(np.linalg.eigvalsh(np.diag(hop, 1) + np.diag(hop, -1))).max() ** 2)
