r"""The book's one Adam (arXiv:1412.6980, algorithm 1), for numpy and for torch, on one flat vector x of all weights.

.. math::

    m_k = \beta_1 m_{k-1} + (1 - \beta_1)\, g_k, \qquad s_k = \beta_2 s_{k-1} + (1 - \beta_2)\, g_k^2, \\
    x_k = x_{k-1} - \alpha_k \frac{m_k / (1 - \beta_1^k)}{\sqrt{s_k / (1 - \beta_2^k)} + \epsilon}

with the published :math:`\beta_1 = 0.9`, :math:`\beta_2 = 0.999` and :math:`\epsilon = 10^{-8}`, which stands outside the root. One step on
one vector costs a few calls, however many matrices the weights form: these are `views` of the vector, so a step moves them all. What a
compiled loop calls is `nnqg._compiled_adam`. Wherever a page says "Adam", it is this one; the tests hold it against `torch.optim.Adam`.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["EPS", "Adam", "cosine_rate", "gather", "views"]

EPS = 1e-8
"""The published epsilon."""


@checked
class Adam:
    """Adam's state for one flat vector, which every step changes in place.

    Parameters
    ----------
    vector : numpy.ndarray or torch.Tensor
        All weights.
    decay, decay_square : float
        How much of the mean gradient and of its mean square is kept in a step.
    eps : float
        What is added to the root; it limits the step where the gradient vanishes.

    Examples
    --------
    >>> x = np.array([1.0, -2.0])
    >>> adam = Adam(x)
    >>> for _ in range(500):
    ...     adam.step(gradient=2 * x, rate=0.05)
    >>> x.round(3) + 0.0
    array([0., 0.])
    """

    def __init__(self, vector: Float[Any, " number"], *, decay: float = 0.9, decay_square: float = 0.999, eps: float = EPS) -> None:
        (checks.array if isinstance(vector, np.ndarray) else checks.tensor)("vector", vector, shape=("number",))
        self.vector, self.count = vector, 0
        self.decay = checks.number("decay", decay, minimum=0, below=1)
        self.decay_square = checks.number("decay_square", decay_square, minimum=0, below=1)
        self.eps = checks.number("eps", eps, above=0)
        self.mean, self.square = 0 * vector, 0 * vector

    def step(self, gradient: Float[Any, " number"], rate: float | Float[Any, " number"]) -> None:
        """Move the vector against its gradient; the rate is one number, or one for each weight."""
        if type(gradient) is not type(self.vector) or gradient.shape != self.vector.shape or gradient.dtype != self.vector.dtype:
            kind, came = (f"{type(each).__name__} of shape {tuple(getattr(each, 'shape', ()))}" for each in (self.vector, gradient))
            raise InvalidArgument("gradient", kind, came, "gather the gradients in the order of the weights")
        if not isinstance(rate, np.ndarray) and not hasattr(rate, "detach"):
            rate = checks.number("rate", rate)
        elif rate.shape not in ((), self.vector.shape):  # type: ignore[union-attr]
            raise InvalidArgument(
                "rate",
                f"one, or shape {tuple(self.vector.shape)}",
                tuple(rate.shape),  # type: ignore[union-attr]
                "give each weight its rate",
            )
        self.count += 1
        first, second = 1 - self.decay**self.count, 1 - self.decay_square**self.count
        if isinstance(gradient, np.ndarray):
            self.mean += (1 - self.decay) * (gradient - self.mean)
            self.square *= self.decay_square
            self.square += (1 - self.decay_square) * gradient**2
            self.vector -= rate / first * self.mean / (np.sqrt(self.square / second) + self.eps)
        else:  # the same for torch, in few passes
            self.mean.lerp_(gradient, 1 - self.decay)
            self.square.mul_(self.decay_square).addcmul_(gradient, gradient, value=1 - self.decay_square)
            size = self.square.sqrt().mul_(1 / math.sqrt(second)).add_(self.eps)
            self.vector.addcdiv_(rate * self.mean, size, value=-1 / first)


@checked
def cosine_rate(step: int, steps: int, first: Any, last: float = 0.0) -> Any:
    """Rate of a step, from 0, that falls from ``first`` to ``last`` along half a cosine.

    Examples
    --------
    >>> [cosine_rate(step, 2, first=0.1) for step in (0, 1, 2)]
    [0.1, 0.05, 0.0]
    """
    if not isinstance(first, np.ndarray) and not hasattr(first, "detach"):
        first = checks.number("first", first)
    return last + (first - last) * (1 + math.cos(math.pi * step / steps)) / 2


@checked
def gather(arrays: Sequence[Any]) -> Any:
    """One new flat vector with all entries of some arrays or tensors, one after the other.

    Examples
    --------
    >>> gather([np.ones((2, 1)), np.zeros(1)])
    array([1., 1., 0.])
    """
    checks.count("number of arrays", len(arrays))
    for array in arrays:
        checks.instance("arrays", array, object if hasattr(array, "reshape") else np.ndarray, "pass arrays, or tensors")
    if isinstance(arrays[0], np.ndarray):
        return np.concatenate([array.ravel() for array in arrays])
    import torch

    return torch.cat([tensor.detach().reshape(-1) for tensor in arrays])


@checked(nan=("return",))  # also of memory that nothing has been written to
def views(vector: Float[Any, " number"], like: Sequence[Any]) -> list[Any]:
    """The pieces of a vector in the shapes of some arrays, as `gather` put them there; they share its memory.

    Examples
    --------
    >>> vector = np.arange(6.0)
    >>> matrix, bias = views(vector, [np.zeros((2, 2)), np.zeros(2)])
    >>> vector[0] = 7.0
    >>> matrix
    array([[7., 1.], [2., 3.]])
    """
    sizes = [math.prod(getattr(array, "shape", (0,))) for array in like]
    if not hasattr(vector, "reshape") or not np.ndim(vector):
        raise InvalidArgument("vector", "a vector", checks.shown(vector), "gather the arrays")
    checks.count("numbers in the vector", len(vector), minimum=sum(sizes), maximum=sum(sizes))
    ends = np.cumsum(sizes)
    return [vector[end - size : end].reshape(array.shape) for end, size, array in zip(ends, sizes, like, strict=True)]
