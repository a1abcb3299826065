r"""A Boltzmann machine that shares all symmetries of the lattice, times a Jastrow factor.

With F features :math:`w_f`, each at the N places that a turned or reflected lattice (p = 0..7) has, and no biases,

.. math::

    \psi(s) = e^{\frac12\sum_{a\ne b}v(a-b)s_as_b}\,\sum_{p=0}^7\prod_{f,t}\cosh\theta_{pft}(s), \qquad
    \theta_{pft} = \sum_i w_f[P_{pt}(i)]\,s_i .

After an exchange of two neighbours i, j with different spins, with :math:`D = 2(W_i - W_j)` and :math:`h = Vs`,

.. math::

    \frac{\psi(s')}{\psi(s)} = e^{-2s_i(h_i - h_j) - 4v_1}\sum_p \pi_p\prod_{ft}\cosh D\,(1 - s_i\tanh\theta\,\tanh D) ,

where :math:`\pi_p` is the share of p in the sum. Nomura et al., arXiv:1709.06475, sum over symmetries in this way.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Float32

from nnqg import checks

from . import _kernels
from .lattices import SquareLattice, checked_spins

__all__ = ["Fields", "SymmetricState", "Tables"]


@dataclass(frozen=True)
class Tables:
    """What chains of one state look up: hidden weights W, tanh D and the mean of cosh D (geometric) at each bond, the matrix V."""

    W: Float32[np.ndarray, "spin hidden"]
    tau: Float32[np.ndarray, "bond 8 unit"]
    kappa: Float32[np.ndarray, "bond 8"]
    V: Float[np.ndarray, "spin spin"]


@dataclass(frozen=True)
class Fields:
    r"""What belongs to a block of configurations: :math:`t = \tanh\theta`, the shares :math:`\pi_p`, and h; all changed by moves."""

    t: Float32[np.ndarray, "chain 8 unit"]
    shares: Float[np.ndarray, "chain 8"]
    h: Float[np.ndarray, "chain spin"]


@dataclass(frozen=True)
class SymmetricState:
    """A state with the features w and the factor v, one number for each distance.

    Examples
    --------
    >>> state = SymmetricState(SquareLattice(4), np.zeros((1, 16)), np.zeros(5))
    >>> state.log_psi(np.tile([1.0, -1.0], (1, 8))).round(6)
    array([2.079442])
    """

    lattice: SquareLattice
    w: Float[np.ndarray, "feature spin"]
    v: Float[np.ndarray, " distance"]

    def __post_init__(self) -> None:
        checks.array("w", self.w, shape=(None, self.lattice.spins))
        checks.array("v", self.v, shape=(self.lattice.distances,))

    @property
    def parameters(self) -> Float[np.ndarray, " parameter"]:
        """The features, row by row, and then v."""
        return np.concatenate([self.w.ravel(), self.v])

    def moved(self, change: Float[np.ndarray, " parameter"]) -> "SymmetricState":
        """Return the state whose parameters differ by this."""
        new = self.parameters + checks.array("change", change, shape=(self.w.size + self.v.size,))
        return SymmetricState(self.lattice, new[: self.w.size].reshape(self.w.shape), new[self.w.size :])

    @cached_property
    def tables(self) -> Tables:
        """The tables for the compiled chains, made once a state."""
        N, i, j = self.lattice.spins, *self.lattice.bonds.T
        W = self.w[:, self.lattice.images].transpose(3, 1, 0, 2).reshape(N, -1).astype(np.float32)  # [i, (p, f, t)]
        D = (2 * (W[i] - W[j])).reshape(len(i) * 8, -1)
        tau, logs = _kernels.tanh_and_log_cosh(D, np.exp(-2 * abs(D)))
        kappa = np.exp(logs / D.shape[1]).astype(np.float32)
        tau = (tau * kappa[:, None]).reshape(len(i), 8, -1)
        return Tables(W, tau, kappa.reshape(-1, 8), np.concatenate([[0.0], self.v])[self.lattice.distance])

    def fields(self, s: Float[np.ndarray, "chain spin"]) -> Fields:
        """Return the fields of these configurations; the input is not checked."""
        theta = (s.astype(np.float32) @ self.tables.W).reshape(len(s) * 8, -1)
        t, logs = _kernels.tanh_and_log_cosh(theta, np.exp(-2 * abs(theta)))
        logs = logs.reshape(-1, 8)
        shares = np.exp(logs - logs.max(1, keepdims=True))
        return Fields(t.reshape(len(s), 8, -1), shares / shares.sum(1, keepdims=True), s @ self.tables.V)

    def log_psi(self, s: Float[np.ndarray, "chain spin"]) -> Float[np.ndarray, " chain"]:
        """Return the logarithm of the amplitudes in double precision."""
        checked_spins(self.lattice, s)
        theta = s @ self.w[:, self.lattice.images].transpose(3, 1, 0, 2).reshape(self.lattice.spins, -1)
        logs = np.logaddexp(theta, -theta).reshape(len(s), 8, -1) - np.log(2)
        return np.logaddexp.reduce(logs.sum(2), axis=1) + ((s @ self.tables.V) * s).sum(1) / 2

    def log_derivatives(self, s: Float[np.ndarray, "chain spin"], fields: Fields | None = None) -> Float32[np.ndarray, "chain parameter"]:
        r"""Return :math:`\partial\ln\psi` by all parameters: convolutions of two pictures, products of their waves.

        .. math::

            O_{fk} = \sum_{p,t}\pi_p\tanh\theta_{pft}\,s[P_{pt}^{-1}(k)], \qquad O_d = \sum_{\{a,b\}:\,|a-b|=d}s_as_b .
        """
        lattice, C, N = self.lattice, len(s), self.lattice.spins
        fields = self.fields(checked_spins(lattice, s)) if fields is None else fields
        waves, times = lattice.waves
        there, back = waves.view(np.float32), (waves * (times / N).astype(np.float32)).view(np.float32).T
        pictures = s.astype(np.float32)[:, np.argsort(lattice.images[:, 0], axis=1)].reshape(-1, N)
        spins = (pictures @ there).view(np.complex64).reshape(C, 8, -1)
        hidden = (fields.t.reshape(-1, N) @ there).view(np.complex64).reshape(C, 8, len(self.w), -1)
        features = np.einsum("cpq,cpfq->cfq", spins * fields.shares.astype(np.float32)[:, :, None], hidden)
        pairs = (spins[:, 0] * spins[:, 0].conj()).view(np.float32) @ back
        by_distance = (lattice.distance[0][:, None] == np.arange(1, lattice.distances + 1)).astype(np.float32) / 2
        return np.hstack([(features.view(np.float32) @ back).reshape(C, -1), pairs @ by_distance])
