r"""Stochastic reconfiguration in two dimensions: the step of `boltzmann_states.reconfiguration` with a schedule.

.. math::

    (S + \lambda_n)\,\delta_n = F + \lambda_n\,\mu\,\delta_{n-1}, \qquad
    x \to x - \min\Big(\eta_n, \frac{0.1}{\sqrt{\delta_nS\delta_n}}\Big)\,\delta_n, \qquad
    \lambda_n = \max(0.1\cdot0.95^n, \lambda) .

The samples say little about directions in which S is far below :math:`\lambda`; there the step remembers the one before, so that many
steps see what one cannot (Goldshlager, Abrahamsen, Lin, arXiv:2401.10190).

In F the local energies are clipped to their median plus or minus six mean deviations, because a single configuration may have any
local energy; no energy that is reported is clipped. :math:`\eta` is constant at first and then falls geometrically; from there on S is
averaged, :math:`S \to 0.8\,S + 0.2\,S_{\text{sampled}}`, which makes up for few chains. The weights that come out are the mean over the
last quarter of the steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import Diverged, InvalidArgument
from nnqg.neural_quantum_states.boltzmann_states.reconfiguration import natural_gradient

from .chains import Visit, draw_moves, sweep, visit
from .lattices import SquareLattice, random_spins, spin_wave_factor
from .states import SymmetricState

__all__ = ["Training", "start", "train"]


@checked
@dataclass(frozen=True)
class Training:
    """The state after training, and energy and variance of the local energy along the way."""

    state: SymmetricState
    energies: Float[np.ndarray, " iteration"]
    variances: Float[np.ndarray, " iteration"]


@checked
def start(length: int, features: int, rng: np.random.Generator) -> SymmetricState:
    """Return a state with small random features and the spin-wave factor.

    Examples
    --------
    >>> start(4, 2, np.random.default_rng(1)).w.shape
    (2, 16)
    """
    lattice = SquareLattice(length)
    w = 0.02 * rng.standard_normal((checks.count("features", features, maximum=checks.MOST_STEPS), lattice.spins))
    return SymmetricState(lattice, w, spin_wave_factor(lattice))


@checked
def train(
    state: SymmetricState,
    rng: np.random.Generator,
    iterations: int,
    chains: Sequence[tuple[float, int]] = ((0.0, 256), (0.25, 512)),
    eta: tuple[float, float] = (0.08, 0.012),
    hold: float = 0.3,
    floor: float = 0.01,
    memory: float = 0.9,
) -> Training:
    """Train all parameters; `chains` says from which share of the iterations on there are how many.

    Parameters
    ----------
    eta : pair of float
        First and last step size, in units of 1/J.
    hold : float
        Share of the iterations with the first step size.
    floor : float
        The damping that stays.
    memory : float
        The share mu of the step before that the next one starts from.

    Raises
    ------
    Diverged
        If the sampled energy is far outside the spectrum.
    """
    checks.count("iterations", iterations, maximum=checks.MOST_STEPS)
    checks.number("hold", hold, minimum=0, below=1)
    checks.number("floor", floor, minimum=0)
    checks.number("memory", memory, minimum=0, below=1)
    if not len(chains) or chains[0][0] != 0 or not 0 < eta[1] <= eta[0]:
        raise InvalidArgument("chains, eta", "chains from 0 on, and a falling step size", (chains, eta), "see the default values")
    s, history, mean, S = random_spins(state.lattice, chains[0][1], rng), [], np.zeros_like(state.parameters), None
    for _ in range(5):
        s = sweep(state, s, *draw_moves(state, len(s), rng))
    last, delta = iterations - max(iterations // 4, 1), np.zeros_like(state.parameters)
    for n in range(iterations):
        part = n / iterations
        s = np.resize(s, ([number for begin, number in chains if begin <= part][-1], state.lattice.spins))
        seen = visit(state, s, *draw_moves(state, len(s), rng), derivatives=True)
        s = seen.s
        history.append([seen.E.mean(), seen.E.var()])
        rate = eta[0] * (eta[1] / eta[0]) ** max(0.0, (part - hold) / (1 - hold))
        _refuse_nonsense(seen, n)
        delta, S = _step(seen, max(0.1 * 0.95**n, floor), memory * delta, S if part > hold else None)
        state = state.moved(-min(rate, 0.1 / max(np.sqrt(delta @ S @ delta), 1e-12)) * delta)
        mean += state.parameters / (iterations - last) if n >= last else 0.0
    return Training(state.moved(mean - state.parameters), *np.array(history).T)


def _refuse_nonsense(seen: Visit, n: int) -> None:
    middle = np.median(seen.E)
    if not (np.isfinite(seen.E).all() and abs(middle) < 3 * seen.s.shape[1]):  # every eigenvalue is within 1.5 N
        raise Diverged("training", f"iteration {n}, energy {middle:.3g}", "take a smaller eta or a larger floor")


def _step(seen: Visit, damping: float, towards: np.ndarray, before: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """The direction delta, and S, which is averaged with the one before."""
    middle = np.median(seen.E)
    reach = 6 * abs(seen.E - middle).mean()
    clipped = np.clip(seen.E, middle - reach, middle + reach)
    centred = (seen.derivatives - seen.derivatives.mean(0)).astype(float)
    S, F = centred.T @ centred / len(centred), centred.T @ clipped / len(centred)
    S = S if before is None else 0.8 * before + 0.2 * S
    return natural_gradient(S, F + damping * towards, damping), S
