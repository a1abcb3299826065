r"""A committee of neurons learns another committee, all Gaussian inputs at once (Saad and Solla, Phys. Rev. E 52, 4225).

The student is :math:`f(x) = \sum_j w_j\,\sigma(\tilde w_j\cdot x)` with :math:`\sigma(u) = \mathrm{erf}(u/\sqrt2)`, the teacher is
:math:`\sum_n\sigma(B_n\cdot x)`, and the inputs are normal. Any two neurons u, v have the overlap

.. math:: \langle\sigma(u\cdot x)\,\sigma(v\cdot x)\rangle = \frac2\pi\arcsin s,
          \qquad s = \frac{u\cdot v}{\sqrt{(1 + u^2)(1 + v^2)}} ,

so with the neurons U of both, of amplitudes c = (w, -1), the loss :math:`\frac12\langle(f - t)^2\rangle = \frac1\pi c^T\arcsin(s)\,c` and
its gradient are closed forms, and training on infinitely many data is an ordinary differential equation. Swapping two neurons of the
student is a symmetry; where the two coincide, gradient flow slows down: the plateau of the page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.integrate import solve_ivp

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["Committee", "Flow"]


@checked
class Flow(NamedTuple):
    """Times of a gradient flow, its weights at these times, one row a time, and their loss."""

    times: Float[np.ndarray, " time"]
    theta: Float[np.ndarray, "time weight"]
    loss: Float[np.ndarray, " time"]


@checked
@dataclass(frozen=True)
class Committee:
    r"""The task that a teacher sets. Weights :math:`\theta` of a student are :math:`(w_1, \dots, w_m, \tilde w_1, \dots, \tilde w_m)`.

    Parameters
    ----------
    teacher : numpy.ndarray
        B, one row a neuron.

    Examples
    --------
    >>> Committee(np.eye(2)).loss(np.array([1.0, 1, 1, 0, 0, 1]))
    0.0
    """

    teacher: Float[np.ndarray, "neuron input"]

    def __post_init__(self) -> None:
        checks.array("teacher", self.teacher, shape=("neuron", "input"))

    def loss(self, theta: Float[np.ndarray, " weight"]) -> float:
        """Half the mean square of student minus teacher."""
        self._check(theta)
        return self._loss(theta)

    def gradient(self, theta: Float[np.ndarray, " weight"]) -> Float[np.ndarray, " weight"]:
        r"""Return :math:`\nabla L`, in closed form.

        Examples
        --------
        >>> J = np.ones(4) / 6**0.5
        >>> abs(Committee(np.eye(2)).gradient(np.array([1.0, 1, *J]))).max() < 1e-15  # two equal neurons, on the plateau
        np.True_
        """
        self._check(theta)
        return self._gradient(theta)

    def flow(self, theta: Float[np.ndarray, " weight"], duration: float, until: float = 0.0) -> Flow:
        r"""Follow :math:`\dot\theta = -\nabla L` for a duration, or until the loss falls below a level.

        Raises
        ------
        NotConverged
            If the solver gives up.

        Examples
        --------
        >>> flow = Committee(np.eye(2)).flow(np.array([1.0, 1, 0.5, 0.1, 0.1, 0.5]), 1000.0)
        >>> flow.loss[-1] < 1e-6
        np.True_
        """
        self._check(theta)
        checks.number("duration", duration, above=0)
        checks.number("until", until, minimum=0)

        def above(_: float, theta: np.ndarray) -> float:
            return self._loss(theta) - until

        found = solve_ivp(lambda _, y: -self._gradient(y), (0.0, duration), theta, "DOP853", rtol=1e-10, atol=1e-13, events=_last(above))
        if found.status < 0:
            raise NotConverged("the gradient flow", str(found.message), "start from smaller weights")
        return Flow(found.t, found.y.T, np.array([self._loss(row) for row in found.y.T]))

    def _check(self, theta: np.ndarray) -> None:
        checks.array("theta", theta, shape=("weight",))
        inputs = self.teacher.shape[1]
        if len(theta) % (inputs + 1):
            raise InvalidArgument(
                "theta", f"{inputs + 1} weights a neuron", len(theta), "one output weight and a row of input weights each"
            )

    def _neurons(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Amplitudes c, neurons U, 1 + U^2 and the sines s of the overlaps, student first."""
        inputs = self.teacher.shape[1]
        hidden = len(theta) // (inputs + 1)
        c = np.concatenate([theta[:hidden], -np.ones(len(self.teacher))])
        neurons = np.concatenate([theta[hidden:].reshape(hidden, inputs), self.teacher])
        products = neurons @ neurons.T
        size = 1 + np.diag(products)
        return c, neurons, size, products / np.sqrt(np.outer(size, size))

    def _loss(self, theta: np.ndarray) -> float:
        c, _, _, s = self._neurons(theta)
        return float(c @ np.arcsin(s) @ c / np.pi)

    def _gradient(self, theta: np.ndarray) -> np.ndarray:
        c, neurons, size, s = self._neurons(theta)
        hidden = len(c) - len(self.teacher)
        slope = 2 / np.pi * np.outer(c, c) / np.sqrt(1 - s**2)
        inner = slope / np.sqrt(np.outer(size, size)) @ neurons - ((slope * s).sum(axis=1) / size)[:, None] * neurons
        return np.concatenate([(2 / np.pi * np.arcsin(s) @ c)[:hidden], inner[:hidden].ravel()])


def _last(event: Callable[[float, np.ndarray], float]) -> Callable[[float, np.ndarray], float]:
    """Tell scipy that the integration ends there."""
    event.terminal = True  # type: ignore[attr-defined]
    return event
