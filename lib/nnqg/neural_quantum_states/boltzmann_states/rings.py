r"""Rings of spins whose Hamiltonian has one kind of move, and the Boltzmann state that shares their translations.

With :math:`s^{(m)}` the configuration after the move m,

.. math::

    E_L(s) = c\sum_m s_m s_{m+1} - g\sum_m \frac{\psi(s^{(m)})}{\psi(s)}, \qquad
    \psi(s) = \prod_{f,t}\cosh\theta_{ft}, \quad \theta_{ft} = \sum_k w_{fk}\,s_{k+t} .

Ising (:math:`-\sum ZZ - h\sum X`): c = -1, g = h, a move turns one spin. Heisenberg (:math:`\sum\vec S\cdot\vec S`, Marshall's signs
removed, which needs an even ring): c = 1/4, g = 1/2, a move exchanges two neighbours that differ. Carleo and Troyer, arXiv:1606.02318.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["Ring", "checked_spins", "couplings", "heisenberg_ring", "ising_ring", "log_derivatives", "random_spins"]


@checked
@dataclass(frozen=True)
class Ring:
    """A ring of at least 3 spins with the constants c (``bond``) and g (``move``); moves turn one spin or exchange neighbours.

    Examples
    --------
    >>> Ring(4, -1.0, 0.5, exchange=False).bound
    6.0
    """

    spins: int
    bond: float
    move: float
    exchange: bool

    def __post_init__(self) -> None:
        checks.count("spins", self.spins, minimum=3)
        if self.exchange and self.spins % 2:
            raise InvalidArgument("spins", "an even number, for a total spin of zero", self.spins, "take one spin more or less")
        checks.number("bond", self.bond)
        checks.number("move", self.move)

    @property
    def bound(self) -> float:
        """No energy of the model is beyond plus or minus this."""
        return self.spins * (abs(self.bond) + abs(self.move))


@checked
def ising_ring(spins: int, field: float) -> Ring:
    """Return the transverse-field Ising ring.

    Examples
    --------
    >>> ising_ring(4, 1.0)
    Ring(spins=4, bond=-1.0, move=1.0, exchange=False)
    """
    return Ring(spins, -1.0, checks.number("field", field), exchange=False)


@checked
def heisenberg_ring(spins: int) -> Ring:
    """Return the antiferromagnetic Heisenberg ring with Marshall's signs removed.

    Examples
    --------
    >>> heisenberg_ring(4)
    Ring(spins=4, bond=0.25, move=0.5, exchange=True)
    """
    return Ring(spins, 0.25, 0.5, exchange=True)


@checked
def random_spins(ring: Ring, chains: int, rng: np.random.Generator) -> Float[np.ndarray, "chain spin"]:
    """Return random starts; with exchange moves as many spins are up as down.

    Examples
    --------
    >>> random_spins(heisenberg_ring(4), 3, np.random.default_rng(1)).sum(1)
    array([0., 0., 0.])
    """
    checks.count("chains", chains, maximum=10 * checks.MOST_STEPS)
    if not ring.exchange:
        return rng.choice([-1.0, 1.0], (chains, ring.spins))
    return rng.permuted(np.tile([1.0, -1.0], (chains, ring.spins // 2)), axis=1)


@checked
def couplings(w: Float[np.ndarray, "feature spin"]) -> Float[np.ndarray, "spin hidden"]:
    r"""Return the couplings :math:`J_{a,(f,t)} = w_{f,a-t}`: each feature, at each place of the ring, is a hidden unit.

    Examples
    --------
    >>> couplings(np.array([[1.0, 2.0, 0.0]]))
    array([[1., 0., 2.],
           [2., 1., 0.],
           [0., 2., 1.]])
    """
    checks.array("w", w, shape=("feature", "spin"))
    places = np.arange(w.shape[1])
    return w[:, places[:, None] - places].swapaxes(0, 1).reshape(len(places), -1)  # a negative index counts from the end


@checked
def log_derivatives(
    w: Float[np.ndarray, "feature spin"], s: Float[np.ndarray, "chain spin"], t: Float[np.ndarray, "chain hidden"] | None = None
) -> Float[np.ndarray, "chain parameter"]:
    r"""Return :math:`O_{fk} = \partial\ln\psi/\partial w_{fk} = \sum_j s_{k+j}\tanh\theta_{fj}`, a correlation of two signals, by Fourier.

    Who has :math:`t = \tanh\theta` already may give it.

    Examples
    --------
    >>> log_derivatives(np.zeros((1, 3)), np.ones((1, 3)))
    array([[0., 0., 0.]])
    """
    spins = w.shape[1]
    checked_spins(s, spins)
    if t is None:
        t = np.tanh(s @ couplings(w))
    waves = np.fft.rfft(checks.array("t", t, shape=(len(s), w.size)).reshape(len(s), len(w), spins))
    return np.fft.irfft(waves.conj() * np.fft.rfft(s)[:, None], spins).reshape(len(s), -1)


@checked
def checked_spins(s: Float[np.ndarray, "chain spin"], spins: int) -> Float[np.ndarray, "chain spin"]:
    """Return s if it has that many spins, each +1 or -1.

    Examples
    --------
    >>> checked_spins(np.array([[1.0, -1.0]]), 2)
    array([[ 1., -1.]])
    """
    checks.array("s", s, shape=(None, spins))
    if not (abs(s) == 1).all():
        raise InvalidArgument("s", "spins +1 or -1", f"values from {s.min():g} to {s.max():g}", "take 2 n - 1 of occupations n")
    return s
