r"""A feed-forward network as a state of bosons, as printed, :math:`\psi(n) = u(n)`, or in its logarithmic form, :math:`\psi(n) = e^{u(n)}`.

.. math::

    u = \sum_i f_i\tanh\Bigl(\sum_j W_{ij}n_j + b_i\Bigr), \qquad
    \bigl(T^{\mathsf T}(H - E)T + (S + \lambda)/\tau\bigr)\,\delta = T^{\mathsf T}(H - E)\psi, \qquad S = T^{\mathsf T}T ,

with more layers of tanh inside the first if asked for. T holds the derivatives of the normalised state. The step
:math:`x \to x - \delta` is one of imaginary time :math:`\tau`, implicit, on the states that the network has.
Saito, JPSJ 86 (2017) 093001; Saito and Kato, arXiv:1709.05468.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float
from scipy.sparse import csr_array

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import Diverged, InvalidArgument

__all__ = ["Network", "Sector", "Training", "train"]


Sector = tuple[Float[np.ndarray, "_ site"], csr_array]


@checked
@dataclass(frozen=True)
class Network:
    """The widths of the layers, from the sites to the last hidden one, and whether the output is the logarithm of the state.

    Examples
    --------
    >>> Network((6, 10)).size
    80
    """

    widths: tuple[int, ...]
    logarithmic: bool = False

    def __post_init__(self) -> None:
        if len(self.widths) < 2:
            raise InvalidArgument("widths", "sites and at least one hidden layer", self.widths, "give two numbers or more")
        for width in self.widths:
            checks.count("widths", width)

    @property
    def size(self) -> int:
        """Number of parameters: W and b of every layer, then f."""
        return sum((below + 1) * above for below, above in pairwise(self.widths)) + self.widths[-1]

    def start(self, rng: np.random.Generator) -> Float[np.ndarray, " parameter"]:
        """Return random weights of order one; the first layer is centred at one boson a site."""
        x, (sites, first) = 0.3 * rng.standard_normal(self.size), self.widths[:2]
        x[sites * first : (sites + 1) * first] = -x[: sites * first].reshape(first, sites).sum(1)
        return x

    def state(
        self, x: Float[np.ndarray, " parameter"], n: Float[np.ndarray, "state site"]
    ) -> tuple[Float[np.ndarray, " state"], Float[np.ndarray, "state parameter"]]:
        """Return the state, of norm 1, and its derivatives T at fixed norm."""
        checks.array("x", x, shape=(self.size,))
        checks.array("n", n, shape=(None, self.widths[0]))
        psi, units = _forward(self, x, n)
        return psi, _derivatives(self, x, psi, units)


@checked
@dataclass(frozen=True)
class Training:
    """The parameters after training, and the sum of the energies along the way."""

    x: Float[np.ndarray, " parameter"]
    energies: Float[np.ndarray, " iteration"]


@checked
def train(
    network: Network, x: Float[np.ndarray, " parameter"], sectors: Sequence[Sector], iterations: int, tau: float = 0.1, damping: float = 0.1
) -> Training:
    """Lower the sum of the energies of all sectors (basis, H), with the damping times 0.9^iteration, at least 1e-8.

    tau doubles, up to 1, after a step downhill; a step uphill is taken back, and tau falls to an eighth.

    Raises
    ------
    Diverged
        If the energy is not finite.
    """
    checks.array("x", x, shape=(network.size,))
    checks.count("iterations", iterations, maximum=checks.MOST_STEPS)
    checks.number("tau", tau, above=0)
    checks.number("damping", damping, minimum=0)
    if not len(sectors):
        raise InvalidArgument("sectors", "at least one", "none", "give pairs of a basis and its H")
    for n, H in sectors:
        checks.array("sectors", n, shape=(None, network.widths[0]))
        if H.shape != (len(n), len(n)) or H.dtype.kind not in "fiu":
            raise InvalidArgument("sectors", "a basis and its H", f"{len(n)} states, {H.dtype} H {H.shape}", "build H from this basis")
    energy, step, history = np.inf, np.zeros_like(x), []
    for iteration in range(iterations):
        states = [_forward(network, x - step, n) for n, _ in sectors]
        energies = [psi @ (H @ psi) for (psi, _), (_, H) in zip(states, sectors, strict=True)]
        if not np.isfinite(sum(energies)):
            raise Diverged("training", f"iteration {iteration}, energy {sum(energies)}", "take weaker couplings")
        if sum(energies) < energy:
            energy, x, tau, parts = sum(energies), x - step, min(2 * tau, 1.0), [0.0, 0.0, 0.0]
            for (psi, units), E, (_, H) in zip(states, energies, sectors, strict=True):
                T = _derivatives(network, x, psi, units)
                S = T.T @ T
                parts[0] += T.T @ (H @ T) - E * S
                parts[1] += S
                parts[2] += T.T @ (H @ psi)
        else:
            tau = max(tau / 8, 1e-6)
        history.append(energy)
        shift = max(damping * 0.9**iteration, 1e-8) * np.eye(len(x))
        metric = parts[0] + (parts[1] + shift) / tau
        step = np.linalg.solve(metric, parts[2])
    return Training(x, np.array(history))


def _layers(network: Network, x: np.ndarray) -> list[tuple[int, int, np.ndarray]]:
    """Of each layer, where its W and its b begin in x, and W."""
    layers, at = [], 0
    for below, above in pairwise(network.widths):
        end = at + below * above
        layers.append((at, end, x[at:end].reshape(above, below)))
        at = end + above
    return layers


def _forward(network: Network, x: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    r"""Return the state of norm 1 and the units of every layer, from the sites on; the last entry holds :math:`d\psi/du`."""
    units = [n]
    for _, end, W in _layers(network, x):
        units.append(np.tanh(units[-1] @ W.T + x[end : end + len(W)]))
    u = psi = units[-1] @ x[-network.widths[-1] :]
    if network.logarithmic:
        psi = np.exp(u - u.max())
    norm = np.linalg.norm(psi)
    if not 0 < norm < np.inf:
        raise Diverged("state", f"norm {norm}", "begin with smaller weights")
    psi = psi / norm
    return psi, [*units, psi if network.logarithmic else np.full(len(n), 1 / norm)]


def _derivatives(network: Network, x: np.ndarray, psi: np.ndarray, units: list[np.ndarray]) -> np.ndarray:
    """Return T: backwards through the layers, and the part along the state taken off."""
    *units, slope = units
    T, last = np.empty((len(psi), network.size)), network.widths[-1]
    T[:, -last:] = slope[:, None] * units[-1]
    back = slope[:, None] * x[-last:]
    for (at, end, W), source, unit in zip(_layers(network, x)[::-1], units[-2::-1], units[:0:-1], strict=True):
        back = back * (1 - unit**2)
        np.multiply(back[:, :, None], source[:, None], out=T[:, at:end].reshape(len(psi), *W.shape))
        T[:, end : end + len(W)] = back
        back = back @ W
    T -= psi[:, None] * (psi @ T)
    return T
