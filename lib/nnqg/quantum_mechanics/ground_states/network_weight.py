r"""The weight of a network in imaginary time, in the variables that a sampler should move (slide *Ground state is statistical sum of NNs*).

A network with the bias :math:`b = x_0` and the velocities :math:`W_n` draws :math:`x_n = b + \Delta\tau\sum_{k\le n}W_k`. With

.. math:: u_0 = b , \qquad u_n = W_n\sqrt{m\Delta\tau/\hbar} , \qquad
    S(u) = \tfrac12\sum_{n=1}^{N}u_n^2 + \frac{\Delta\tau}{\hbar}\sum_{n=0}^{N}c_nV(x_n)

(trapezoid: :math:`c_0 = c_N = \tfrac12`, else 1) its probability is :math:`e^{-S}`, with free ends. The middle of a long network has the
density :math:`|\psi_0|^2`, its ends have :math:`\psi_0`.

*Cut flips*: in a symmetric potential the reflection of all :math:`x_n` behind a cut changes one step only, so given the moduli
:math:`|x_n|` each sign change between neighbours is a coin of its own, with the odds :math:`e^{-2m|x_nx_{n+1}|/\hbar\Delta\tau}`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import no_type_check

import numpy as np
from jaxtyping import Float
from numba import njit

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["NetworkWeight"]


@njit(cache=True, nogil=True)
@no_type_check
def _paths(u, jump):
    """Add up each row from the left."""
    x = np.empty_like(u)
    for chain in range(len(u)):
        total = x[chain, 0] = u[chain, 0]
        for n in range(1, u.shape[1]):
            total += jump * u[chain, n]
            x[chain, n] = total
    return x


@njit(cache=True, nogil=True)
@no_type_check
def _on_weights(force, u, jump, dtau):
    """Turn forces on points into the gradient on weights, in place: add up each row from the right, ends by half."""
    last = u.shape[1] - 1
    for chain in range(len(u)):
        total = force[chain, last] / 2
        for n in range(last, 0, -1):
            before = force[chain, n - 1]
            force[chain, n] = u[chain, n] + jump * dtau * total
            total += before if n > 1 else before / 2
        force[chain, 0] = dtau * total
    return force


_FAR = np.concatenate([sign * np.logspace(3, 6, 4) for sign in (-1.0, 1.0)])


@checked
@dataclass(frozen=True)
class NetworkWeight:
    r"""The action of networks with N steps over the imaginary time T, as a function of whitened weights u.

    Parameters
    ----------
    potential, slope : callable
        V(x) and :math:`V'(x)` of an array. V must confine: :math:`xV' > 0` far out, at :math:`|x| = 10^3 \dots 10^6`.
    duration, steps : float, int
        T and N.
    m, hbar : float
        Mass and Planck's constant.

    Examples
    --------
    >>> weight = NetworkWeight(lambda x: x**2 / 2, lambda x: x, duration=2.0, steps=4)
    >>> weight.paths(np.array([[1.0, 0.0, 0.0, -1.0, 0.0]])).round(3)
    array([[1.   , 1.   , 1.   , 0.293, 0.293]])
    >>> weight.action(np.array([[1.0, 0.0, 0.0, -1.0, 0.0]])).round(3)
    array([1.157])
    """

    potential: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]
    duration: float
    steps: int
    m: float = 1.0
    hbar: float = 1.0

    def __post_init__(self) -> None:
        for name in ("duration", "m", "hbar"):
            checks.number(name, getattr(self, name), above=0)
        checks.count("steps", self.steps, minimum=2)
        V, force = (checks.array(f"{name}(x)", getattr(self, name)(_FAR), shape=_FAR.shape) for name in ("potential", "slope"))
        outwards = np.sign(_FAR) * force > 0
        if not outwards.all() or V.min() < self.potential(np.zeros(1))[0]:
            came = f"x V' <= 0 at x = {_FAR[~outwards][0]:g}" if not outwards.all() else "less far out than at 0"
            raise InvalidArgument("potential", "a potential bounded from below that confines", came, "add a term that grows on both sides")

    @property
    def dtau(self) -> float:
        """The step in imaginary time."""
        return self.duration / self.steps

    @property
    def _jump(self) -> float:
        return float(np.sqrt(self.hbar * self.dtau / self.m))

    def paths(self, u: Float[np.ndarray, "chain weight"]) -> Float[np.ndarray, "chain time"]:
        """Return x_0 ... x_N of each network."""
        return _paths(np.ascontiguousarray(u), self._jump)

    def weights(self, x: Float[np.ndarray, "chain time"]) -> Float[np.ndarray, "chain weight"]:
        """Return the whitened weights u of the networks through given points, the inverse of `paths`."""
        u = np.diff(checks.array("x", x, shape=(None, self.steps + 1)), axis=1, prepend=0.0)
        u[:, 1:] /= self._jump
        return u

    def action(self, u: Float[np.ndarray, "chain weight"]) -> Float[np.ndarray, " chain"]:
        """Return S(u) of each network."""
        V = self.potential(_paths(np.ascontiguousarray(u), self._jump))
        kinetic = np.einsum("cn,cn->c", u[:, 1:], u[:, 1:]) / 2
        return np.asarray(kinetic + self.dtau / self.hbar * (V.sum(1) - (V[:, 0] + V[:, -1]) / 2))

    def gradient(self, u: Float[np.ndarray, "chain weight"]) -> Float[np.ndarray, "chain weight"]:
        r"""Return :math:`\nabla S`: the force on a weight is the sum of all forces on the path from there on.

        .. math:: \frac{\partial S}{\partial u_n} = u_n + \sqrt{\frac{\hbar\Delta\tau}{m}}\,\frac{\Delta\tau}{\hbar}\sum_{k \ge n}c_kV'(x_k)
        """
        u = np.ascontiguousarray(u)
        force = np.ascontiguousarray(self.slope(_paths(u, self._jump)))
        return _on_weights(force, u, self._jump, self.dtau / self.hbar)

    def flip_cuts(self, u: Float[np.ndarray, "chain weight"], rng: np.random.Generator) -> Float[np.ndarray, "chain weight"]:
        """Throw all signs of each path anew, given the moduli: an exact step between mirror images of its parts; V must be even."""
        probe = np.linspace(0.1, 10.0, 40)
        if not np.allclose(self.potential(probe), self.potential(-probe)):
            raise InvalidArgument("potential", "an even potential, V(-x) = V(x)", "another", "sample without cut flips")
        size = abs(self.paths(u))
        odds = np.exp(-2 * size[:, 1:] * size[:, :-1] / self._jump**2)
        change = rng.random(size.shape) < np.column_stack([np.full(len(u), 0.5), odds / (1 + odds)])
        return self.weights(size * np.where(np.cumsum(change, axis=1) % 2, -1.0, 1.0))
