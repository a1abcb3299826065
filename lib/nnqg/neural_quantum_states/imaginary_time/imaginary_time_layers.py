r"""A deep Boltzmann machine that is imaginary time, exactly (Carleo, Nomura, Imada, arXiv:1802.09558; slide "Physical picture").

The transverse-field Ising ring :math:`H = -J\sum s^z_is^z_{i+1} - h\sum s^x_i` has the Trotter step
:math:`e^{-\delta H_{zz}/2}e^{-\delta H_x}e^{-\delta H_{zz}/2}`. Each factor is a sum over units :math:`\pm1` with real weights:

.. math::

    e^{g s s'} = \frac{e^{-g}}{2}\sum_{y=\pm1} e^{w y (s + s')}, \qquad \cosh 2w = e^{2g}\quad(g > 0), \\
    \langle s|e^{\delta h s^x}|s'\rangle = \sqrt{\tfrac12\sinh 2\delta h}\;e^{\kappa s s'}, \quad \kappa = -\tfrac12\log\tanh\delta h .

So a step adds one *deep* unit a site, and *mediators* between neighbours in space and in imaginary time.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from nnqg import checks
from nnqg.boundary import checked
from nnqg.neural_quantum_states.imaginary_time.ising_ring import spin_states

__all__ = ["IsingMachine"]


@checked
@dataclass(frozen=True)
class IsingMachine:
    r"""The machine of n Trotter steps on a ring: :math:`\psi(s) \propto \sum_{units} \exp(\sum_{links} w_{ij} s_i s_j)`.

    Units are numbered: visible spins 0 to N - 1, then the deep units of each step, then the mediators. All units beyond the last step's
    deep ones are summed, so the machine starts from the state with equal amplitudes.

    Parameters
    ----------
    spins : int
        N, at least 3.
    steps : int
        n, at least 1.
    step : float
        Length :math:`\delta` of a step in imaginary time, positive.
    coupling, field : float
        J and h, positive.

    Examples
    --------
    >>> machine = IsingMachine(3, 2, 0.1)
    >>> machine.deep, machine.mediators
    (6, 15)
    """

    spins: int
    steps: int
    step: float
    coupling: float = 1.0
    field: float = 1.0

    def __post_init__(self) -> None:
        checks.count("spins", self.spins, minimum=3)
        checks.count("steps", self.steps)
        for name in ("step", "coupling", "field"):
            checks.number(name, getattr(self, name), above=0)

    @property
    def deep(self) -> int:
        """Number of deep units, n N."""
        return self.steps * self.spins

    @property
    def mediators(self) -> int:
        """Number of mediators: n N in imaginary time, (n + 1) N in space."""
        return (2 * self.steps + 1) * self.spins

    @cached_property
    def links(self) -> tuple[Int[np.ndarray, "link 2"], Float[np.ndarray, " link"]]:
        """Pairs of units (spin or deep unit, mediator) and their weights."""
        linked, first = [], self.spins + self.deep
        along = _mediator_weight(-np.log(np.tanh(self.field * self.step)) / 2)
        for layer in range(self.steps + 1):
            across = _mediator_weight(self.coupling * self.step / (1 if 0 < layer < self.steps else 2))
            for site in range(self.spins):
                here, beside = layer * self.spins + site, layer * self.spins + (site + 1) % self.spins
                linked.append((here, beside, across))
                if layer < self.steps:
                    linked.append((here, here + self.spins, along))
        pairs = [(unit, first + k) for k, (*two, _) in enumerate(linked) for unit in two]
        return np.array(pairs), np.repeat([weight for *_, weight in linked], 2)

    def sum_units(self, visible: Float[np.ndarray, "state spin"], mediators: bool = True) -> Float[np.ndarray, " state"]:
        r"""Sum over at most 20 units by brute force: the deep ones explicitly, the mediators explicitly or as :math:`2\cosh`.

        ``visible`` has rows of +1 and -1; the amplitudes are not normalised.
        """
        checks.array("visible", visible, shape=("state", self.spins))
        pairs, weights = self.links
        hidden = spin_states(checks.count("units to sum over", self.deep + (self.mediators if mediators else 0), maximum=20))
        amplitudes = np.empty(len(visible))
        for n, row in enumerate(visible):
            units = np.concatenate([np.tile(row, (len(hidden), 1)), hidden], axis=1)
            if mediators:
                amplitudes[n] = np.exp((units[:, pairs[:, 0]] * units[:, pairs[:, 1]]) @ weights).sum()
            else:
                fields = units[:, pairs[::2, 0]] * weights[::2] + units[:, pairs[1::2, 0]] * weights[1::2]
                amplitudes[n] = np.prod(2 * np.cosh(fields), axis=1).sum()
        return amplitudes

    @cached_property
    def layer_matrix(self) -> Float[np.ndarray, "state state"]:
        """The sum over one step's mediators between two layers of at most 10 spins, halves of the couplings in space on both sides."""
        checks.count("spins", self.spins, maximum=10)
        along = _mediator_weight(-np.log(np.tanh(self.field * self.step)) / 2)
        across = _mediator_weight(self.coupling * self.step / 2)
        s = spin_states(self.spins)
        in_space = np.prod(2 * np.cosh(across * (s + np.roll(s, -1, axis=1))), axis=1)
        in_time = np.prod(2 * np.cosh(along * (s[:, None] + s[None])), axis=2)
        return in_space[:, None] * in_time * in_space

    @property
    def layer_constant(self) -> float:
        """What `layer_matrix` has to be multiplied by to become the Trotter step itself."""
        per_bond = np.exp(-self.coupling * self.step / 2) / 2  # e^-g / 2 with g = J step / 2, on both sides
        turn = self.field * self.step
        per_site = np.sqrt(np.tanh(turn)) / 2 * np.sqrt(np.sinh(2 * turn) / 2)
        return float((per_bond**2 * per_site) ** self.spins)

    def state(self) -> Float[np.ndarray, " state"]:
        """Return the normalised visible state of at most 10 spins, layer after layer, in the order of `spin_states`."""
        psi = np.ones(2**self.spins)
        for _ in range(self.steps):
            psi = self.layer_matrix @ psi
            psi /= np.linalg.norm(psi)
        return psi


def _mediator_weight(g: float) -> float:
    """Weight w of the unit that mediates the positive coupling g of two spins, cosh 2w = e^(2g)."""
    return float(np.arcsinh(np.sqrt(np.expm1(2 * g) / 2)))  # cosh 2w - 1 = 2 sinh^2 w
