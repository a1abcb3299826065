r"""The talk's four-unit network, one layer of which is one step of Hamilton's equations.

A state :math:`(q, p)` enters as :math:`x = (0, q, p, 0)`; one layer is :math:`x \to \tilde W \varphi(W x)`. With the weights of slide
③ 4/5 this is

.. math::

    q \to q + \Delta t\,[w_{11} q + w_{12} p + \lambda_1 f(v p)], \qquad p \to p + \Delta t\,[w_{21} q + w_{22} p + \lambda_2 g(u q)],

an explicit Euler step. It is Hamiltonian when :math:`w_{22} = -w_{11}`, with
:math:`H = w_{11} p q + w_{12} p^2/2 - w_{21} q^2/2 + (\lambda_1/v) F(v p) - (\lambda_2/u) G(u q)`, :math:`F' = f`, :math:`G' = g`.
The error after a fixed time is of order :math:`\Delta t`, and the energy drifts; layers that move only q or only p (`drift`, `kick`)
cure that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["CUBE", "SINE", "TANH", "Activation", "TalkNetwork", "evolve"]


@checked
@dataclass(frozen=True)
class Activation:
    """A function of one variable and its integral, both acting on numpy arrays.

    Attributes
    ----------
    function, integral : callable
        f, and F with F' = f, which enters the Hamiltonian.
    """

    function: Callable[[np.ndarray], np.ndarray]
    integral: Callable[[np.ndarray], np.ndarray]


SINE = Activation(np.sin, lambda x: -np.cos(x))
TANH = Activation(np.tanh, lambda x: np.logaddexp(x, -x) - np.log(2))
CUBE = Activation(lambda x: x**3, lambda x: x**4 / 4)


@checked
@dataclass(frozen=True)
class TalkNetwork:
    """Weights of one layer; arXiv:1802.08313v1, supplement, and slide ③ 4/5.

    Attributes
    ----------
    w11, w12, w21 : float
        The linear part.
    w22 : float, optional
        By default -w11, the value that makes the layer Hamiltonian.
    v, u : float
        First weights of the two outer units, not zero.
    lambda_1, lambda_2 : float
        Second weights of the two outer units.
    f, g : Activation
        Activations of the two outer units.

    Examples
    --------
    >>> pendulum = TalkNetwork(w12=1.0, lambda_2=-1.0)
    >>> float(pendulum.hamiltonian(np.array(0.0), np.array(2.0)))
    1.0
    """

    w11: float = 0.0
    w12: float = 0.0
    w21: float = 0.0
    w22: float | None = None
    v: float = 1.0
    u: float = 1.0
    lambda_1: float = 0.0
    lambda_2: float = 0.0
    f: Activation = TANH
    g: Activation = SINE

    def __post_init__(self) -> None:
        """Refuse weights that are not finite numbers, and v = 0 or u = 0, for which the Hamiltonian divides by zero."""
        if self.w22 is None:
            object.__setattr__(self, "w22", -self.w11)
        for name in ("w11", "w12", "w21", "w22", "v", "u", "lambda_1", "lambda_2"):
            checks.number(name, getattr(self, name))
        for name in ("v", "u"):
            if getattr(self, name) == 0:
                raise InvalidArgument(name, "a weight different from 0", 0, f"set lambda to 0 to switch the unit of {name} off")

    def first_weights(self, step: float) -> Float[np.ndarray, "4 4"]:
        r"""Matrix :math:`W` of the slide, with :math:`1 + \Delta t\, w_{22}` at (3, 3)."""
        step = checks.number("step", step)
        assert self.w22 is not None  # set when the network was made
        return np.array(
            [
                [0, 0, self.v, 0],
                [0, 1 + step * self.w11, step * self.w12, 0],
                [0, step * self.w21, 1 + step * self.w22, 0],
                [0, self.u, 0, 0],
            ],
            dtype=float,
        )

    def second_weights(self) -> Float[np.ndarray, "4 4"]:
        r"""Matrix :math:`\tilde W` of the slide."""
        result = np.zeros((4, 4))
        result[1, :2] = self.lambda_1, 1
        result[2, 2:] = 1, self.lambda_2
        return result

    def activate(self, units: Float[np.ndarray, "*points 4"], step: float) -> Float[np.ndarray, "*points 4"]:
        r"""Activation :math:`\varphi = (\Delta t f, \mathrm{id}, \mathrm{id}, \Delta t\, g)` of the four sums that enter the units."""
        checks.array("units", units)
        if units.shape[-1:] != (4,):
            raise InvalidArgument("units", "a last axis of length 4", f"shape {units.shape}", "pass W x")
        return self._activate(units, checks.number("step", step))

    def _activate(self, units: np.ndarray, step: float) -> np.ndarray:
        outer_q, q, p, outer_p = np.moveaxis(units, -1, 0)
        return np.stack([step * self.f.function(outer_q), q, p, step * self.g.function(outer_p)], axis=-1, dtype=float)

    def layer(self, state: Float[np.ndarray, "*points 2"], step: float) -> Float[np.ndarray, "*points 2"]:
        r"""One layer :math:`x \to \tilde W \varphi(W x)`; negative steps go back in time.

        Raises
        ------
        Diverged
            If the state one step later is no longer finite.
        """
        _check_state(state)
        return checks.finite_result("network", self._layer(state, step), where="one layer", remedy="take smaller steps")

    def _layer(self, state: np.ndarray, step: float) -> np.ndarray:
        units = np.zeros((*state.shape[:-1], 4))
        units[..., 1:3] = state
        with np.errstate(over="ignore", invalid="ignore"):
            emitted = self._activate(units @ self.first_weights(step).T, step)
            return (emitted @ self.second_weights().T)[..., 1:3]

    def hamiltonian(self, q: Float[np.ndarray, "*points"], p: Float[np.ndarray, "*points"]) -> Float[np.ndarray, "*points"]:
        """Energy H(q, p) of the slide, if w22 = -w11; its constant is the one that F and G carry."""
        checks.array("q", q)
        checks.array("p", p, shape=q.shape)
        if self.w22 != -self.w11:
            raise InvalidArgument("w22", f"-w11 = {-self.w11}", self.w22, "leave w22 out to make the layer Hamiltonian")
        linear = self.w11 * p * q + self.w12 * p**2 / 2 - self.w21 * q**2 / 2
        outer = self.lambda_1 / self.v * self.f.integral(self.v * p) - self.lambda_2 / self.u * self.g.integral(self.u * q)
        return checks.array("f or g", np.asarray(linear + outer), shape=q.shape, nan=True)

    def drift(self) -> "TalkNetwork":
        """Layer that moves only q, exact for any step: its Hamiltonian is the part T(p) of H = T(p) + V(q), so w11 = w22 = 0."""
        self._check_separable()
        return replace(self, w21=0.0, lambda_2=0.0)

    def kick(self) -> "TalkNetwork":
        """Layer that moves only p, exact for any step: its Hamiltonian is the part V(q) of H = T(p) + V(q), so w11 = w22 = 0."""
        self._check_separable()
        return replace(self, w12=0.0, lambda_1=0.0)

    def _check_separable(self) -> None:
        if self.w11 != 0 or self.w22 != 0:
            raise InvalidArgument("w11", "w11 = w22 = 0", (self.w11, self.w22), "split the term w11 p q into a layer of its own")


@checked
def evolve(
    layers: Sequence[tuple[TalkNetwork, float]], state: Float[np.ndarray, "*points 2"], step: float, steps: int
) -> Float[np.ndarray, "time *points 2"]:
    r"""Run a deep network: every time step passes through the same few layers.

    Parameters
    ----------
    layers : sequence of (TalkNetwork, float)
        The layers of one time step, in order, each with the fraction of the step that it takes: ``[(network, 1)]`` is explicit
        Euler, ``[(drift, 1), (kick, 1)]`` symplectic Euler, ``[(kick, 1/2), (drift, 1), (kick, 1/2)]`` leapfrog.

    Raises
    ------
    Diverged
        If a state is no longer finite.

    Examples
    --------
    >>> pendulum = TalkNetwork(w12=1.0, lambda_2=-1.0)
    >>> evolve([(pendulum, 1.0)], np.array([1.0, 0.0]), step=0.1, steps=2).round(4)
    array([[ 1.    ,  0.    ],
           [ 1.    , -0.0841],
           [ 0.9916, -0.1683]])
    """
    _check_state(state)
    checks.number("step", step, above=0)
    checks.count("steps", steps, maximum=5 * checks.MOST_STEPS)
    if len(layers) == 0:
        raise InvalidArgument("layers", "at least one layer", "none", "pass [(network, 1.0)]")
    states = [state]
    for number in range(1, steps + 1):
        for network, fraction in layers:
            state = network._layer(state, fraction * step)  # noqa: SLF001 (unchecked; the check is below)
            checks.finite_result("network", state, where=f"time step {number}", remedy="take smaller steps")
        states.append(state)
    return np.stack(states)


def _check_state(state: np.ndarray) -> None:
    checks.array("state", state)
    if state.ndim == 0 or state.shape[-1] != 2:
        raise InvalidArgument("state", "a last axis of length 2 (q and p)", f"shape {state.shape}", "stack q and p along the last axis")
