r"""A Boltzmann machine that shares all symmetries of the lattice, times a Jastrow factor.

With F features :math:`w_f`, each at the N places that a turned or reflected lattice (p = 0..7) has, and no biases,

.. math::

    \psi(s) = e^{\frac12\sum_{a\ne b}v(a-b)s_as_b}\,\sum_{p=0}^7\prod_{f,t}\cosh\theta_{pft}(s), \qquad
    \theta_{pft} = \sum_i w_f[P_{pt}(i)]\,s_i .

After an exchange of two neighbours i, j with different spins, with :math:`D = 2(W_i - W_j)` and :math:`h = Vs`,

.. math::

    \frac{\psi(s')}{\psi(s)} = e^{-2s_i(h_i - h_j) - 4v_1}\sum_p \pi_p\prod_{ft}\cosh D\,(1 - s_i\tanh\theta\,\tanh D) ,

where :math:`\pi_p` is the share of p in the sum. Sums over symmetries in this way: Nomura et al., arXiv:1709.06475.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Float32
from scipy.fft import irfft2, rfft2

from nnqg import checks
from nnqg.boundary import checked

from . import _kernels
from .lattices import SquareLattice, checked_spins

__all__ = ["Fields", "SymmetricState", "Tables"]


@checked
class Tables(NamedTuple):
    r"""What the chains of one state look up: :math:`\kappa\tanh D`, the geometric mean :math:`\kappa` of cosh D, the matrix V."""

    tau: Float32[np.ndarray, "bond 8 unit"]
    kappa: Float32[np.ndarray, "bond 8"]
    V: Float[np.ndarray, "spin spin"]


@checked
class Fields(NamedTuple):
    r"""What belongs to configurations and changes with them: :math:`t = \tanh\theta`, the shares :math:`\pi_p`, and h."""

    t: Float32[np.ndarray, "chain 8 unit"]
    shares: Float[np.ndarray, "chain 8"]
    h: Float[np.ndarray, "chain spin"]


@checked
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
    def W(self) -> Float[np.ndarray, "spin hidden"]:
        """The weights of all hidden units (p, f, t)."""
        return self.w[:, self.lattice.images].transpose(3, 1, 0, 2).reshape(self.lattice.spins, -1)

    @cached_property
    def tables(self) -> Tables:
        """The tables for the compiled chains, made once a state."""
        (i, j), W = self.lattice.bonds.T, self.W.astype(np.float32)
        D = (2 * (W[i] - W[j])).reshape(len(i) * 8, -1)
        tau, logs = _kernels.tanh_and_log_cosh(D, np.exp(-2 * abs(D)))
        kappa = np.exp(logs / D.shape[1]).astype(np.float32)
        V = np.concatenate([[0.0], self.v])[self.lattice.distance]
        return Tables((tau * kappa[:, None]).reshape(len(i), 8, -1), kappa.reshape(-1, 8), V)

    def fields(self, s: Float[np.ndarray, "chain spin"]) -> tuple[Fields, Float[np.ndarray, " chain"]]:
        """Return the fields of these configurations, and the logarithm of the amplitudes in single precision; s is not checked."""
        theta = (s.astype(np.float32) @ self.W.astype(np.float32)).reshape(len(s) * 8, -1)
        t, logs = _kernels.tanh_and_log_cosh(theta, np.exp(-2 * abs(theta)))
        images, h = logs.reshape(-1, 8), s @ self.tables.V
        machine = np.logaddexp.reduce(images, axis=1)
        return Fields(t.reshape(len(s), 8, -1), np.exp(images - machine[:, None]), h), machine + (h * s).sum(1) / 2

    def log_psi(self, s: Float[np.ndarray, "chain spin"]) -> Float[np.ndarray, " chain"]:
        """Return the logarithm of the amplitudes in double precision."""
        theta = checked_spins(self.lattice, s) @ self.W
        images = (np.logaddexp(theta, -theta) - np.log(2)).reshape(len(s), 8, -1).sum(2)
        return np.logaddexp.reduce(images, axis=1) + ((s @ self.tables.V) * s).sum(1) / 2

    def log_derivatives(self, s: Float[np.ndarray, "chain spin"], fields: Fields | None = None) -> Float32[np.ndarray, "chain parameter"]:
        r"""Return :math:`\partial\ln\psi` by all parameters; the first are convolutions of two pictures, products of their waves.

        .. math::

            O_{fk} = \sum_{p,t}\pi_p\tanh\theta_{pft}\,s[P_{pt}^{-1}(k)], \qquad O_d = \sum_{\{a,b\}:\,|a-b|=d}s_as_b .
        """
        lattice, square = self.lattice, (self.lattice.length, self.lattice.length)
        t, shares, _ = self.fields(checked_spins(lattice, s))[0] if fields is None else fields
        turned = s.astype(np.float32)[:, np.argsort(lattice.images[:, 0], axis=1)]
        spins, hidden = rfft2(turned.reshape(len(s), 8, *square)), rfft2(t.reshape(len(s), 8, -1, *square))
        waves = np.einsum("cpxy,cpfxy->cfxy", spins * shares[:, :, None, None].astype(np.float32), hidden)
        pairs = irfft2(abs(spins[:, 0]) ** 2, square).reshape(len(s), -1)
        by_distance = lattice.distance[0][:, None] == np.arange(1, lattice.distances + 1)
        return np.hstack([irfft2(waves, square).reshape(len(s), -1), pairs @ by_distance.astype(np.float32) / 2])
