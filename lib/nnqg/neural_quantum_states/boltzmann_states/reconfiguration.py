r"""Stochastic reconfiguration: the gradient of the energy, measured by how far a step moves the *state*.

With the logarithmic derivatives :math:`O_k = \partial_k\ln\psi` and means over :math:`|\psi|^2`,

.. math::

    F_k = \langle O_k E_L\rangle - \langle O_k\rangle\langle E_L\rangle, \quad
    S_{kl} = \langle O_k O_l\rangle - \langle O_k\rangle\langle O_l\rangle, \quad (S + \lambda)\,\delta = F, \quad w \to w - \eta\,\delta .

A short step is one of imaginary time, projected on the states that the network has. Sorella, arXiv:cond-mat/9803107.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.linalg import cho_factor, cho_solve

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import Diverged, InvalidArgument

from .rings import Ring, log_derivatives, random_spins
from .sampling import visit

__all__ = ["Training", "natural_gradient", "train"]


@checked
@dataclass(frozen=True)
class Training:
    """The weights after each iteration, and energy and variance of the local energy before it."""

    weights: Float[np.ndarray, "iteration feature spin"]
    energies: Float[np.ndarray, " iteration"]
    variances: Float[np.ndarray, " iteration"]

    @property
    def w(self) -> Float[np.ndarray, "feature spin"]:
        """The weights after training."""
        return self.weights[-1]


@checked
def natural_gradient(
    S: Float[np.ndarray, "parameter parameter"], F: Float[np.ndarray, " parameter"], damping: float
) -> Float[np.ndarray, " parameter"]:
    r"""Solve :math:`(S + \lambda)\,\delta = F` with the damping :math:`\lambda`.

    Examples
    --------
    >>> natural_gradient(np.eye(2), np.array([1.0, 2.0]), 1.0)
    array([0.5, 1. ])
    """
    checks.array("S", S, shape=(len(F), len(F)))
    checks.array("F", F)
    damped = S + checks.number("damping", damping, minimum=0) * np.eye(len(F))
    if not np.allclose(S, S.T):
        raise InvalidArgument("S", "a covariance, which is symmetric", "a matrix that is not", "average O_k O_l")
    try:
        return cho_solve(cho_factor(damped), F)
    except np.linalg.LinAlgError:
        lowest = np.linalg.eigvalsh(damped)[0]
        raise InvalidArgument("S", "a positive covariance", f"lowest eigenvalue {lowest:.1e}", "take a larger damping") from None


@checked
def train(
    ring: Ring,
    w: Float[np.ndarray, "feature spin"],
    rng: np.random.Generator,
    iterations: int,
    chains: int = 512,
    eta: float = 0.05,
    floor: float = 0.001,
    start: Float[np.ndarray, "chain spin"] | None = None,
) -> Training:
    """Train features with the damping max(0.93^n, floor); the chains go on from step to step, from random ones if not given.

    Raises
    ------
    Diverged
        If the sampled energy is far outside the spectrum.
    """
    checks.count("iterations", iterations, maximum=checks.MOST_STEPS)
    checks.number("eta", eta, above=0)
    checks.number("floor", floor, minimum=0)
    s = random_spins(ring, chains, rng) if start is None else start
    weights, history = [], []
    for n in range(iterations):
        s, t, E = visit(ring, w, s, rng)
        history.append([E.mean(), E.var()])
        if not abs(E.mean()) <= 2 * ring.bound:
            raise Diverged("training", f"iteration {n}, energy {E.mean():.3g}", "take a smaller eta or a larger floor")
        centred = log_derivatives(w, s, t)
        centred -= centred.mean(0)
        S, F = centred.T @ centred / len(s), centred.T @ E / len(s)
        delta = natural_gradient(S, F, max(0.93**n, floor))
        length = np.sqrt(delta @ F)  # by how far the state moves
        w = w - min(eta, 0.3 / length) * delta.reshape(w.shape)
        weights.append(w)
    return Training(np.array(weights), *np.array(history).T)
