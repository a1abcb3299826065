r"""Which combinations of weights do the data determine?

For data :math:`y_i(\theta)` with standard error :math:`\sigma` the Jacobian :math:`J_{ij} = \partial y_i / \partial \theta_j = U S V^T`
answers: along the right singular vector :math:`v_k` the data fix :math:`\theta` to :math:`\sigma / s_k`, and where that is larger than
what was known before, the data say nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["Spectrum", "determined", "jacobian", "spectrum"]


@checked
@dataclass(frozen=True)
class Spectrum:
    """Singular values of a Jacobian and the directions in weight space that belong to them.

    Values come largest first, min(data, weights) of them; directions are the right singular vectors as rows, of unit length.
    """

    values: Float[np.ndarray, " k"]
    directions: Float[np.ndarray, "k weights"]


@checked
def jacobian(
    function: Callable[[np.ndarray], np.ndarray], x: Float[np.ndarray, " weights"], step: float = 1e-6
) -> Float[np.ndarray, "data weights"]:
    r"""Central finite differences :math:`J_{ij} = [y_i(x + \epsilon e_j) - y_i(x - \epsilon e_j)] / 2 \epsilon`.

    The function takes weights and gives data, both as vectors; the step is relative to max(1, :math:`|x_j|`).

    Raises
    ------
    Diverged
        If the function returns infinities or NaN.

    Examples
    --------
    >>> jacobian(lambda x: np.array([x[0] * x[1]]), np.array([2.0, 3.0])).round(6)
    array([[3., 2.]])
    """
    checks.array("x", x, shape=("weights",))
    checks.number("step", step, above=0)
    columns = []
    for j, width in enumerate(step * np.maximum(1.0, np.abs(x))):
        shift = np.zeros_like(x)
        shift[j] = width
        ahead, behind = function(x + shift), function(x - shift)
        for value in (ahead, behind):
            if np.shape(value) != np.shape(ahead) or getattr(value, "ndim", 0) != 1 or np.iscomplexobj(value):
                came = f"{type(value).__name__} of shape {np.shape(value)}"
                raise InvalidArgument(
                    "function", "a numpy array of shape (data,), not complex", came, "return a vector of the same length everywhere"
                )
        columns.append((ahead - behind) / (2 * width))
    return checks.finite_result("Jacobian", np.stack(columns, axis=-1), where="some weight", remedy="differentiate elsewhere")


@checked
def spectrum(jacobian: Float[np.ndarray, "data weights"]) -> Spectrum:
    """Singular values and right singular vectors of a Jacobian.

    To make values comparable, divide the Jacobian's rows by the data's standard errors, and multiply its columns by the weights' prior
    widths. Values descend; the sign of a direction makes its largest entry positive.

    Examples
    --------
    >>> spectrum(np.diag([1.0, 3.0])).values
    array([3., 1.])
    """
    checks.array("jacobian", jacobian, shape=("data", "weights"))
    _, values, directions = np.linalg.svd(jacobian, full_matrices=False)
    largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=1, keepdims=True), axis=1)
    return Spectrum(values, directions * np.sign(largest))


@checked
def determined(values: Float[np.ndarray, " k"], threshold: float) -> int:
    """Number of singular values above a threshold: the number of combinations that the data determine.

    The threshold is (noise of the data) / (what is known of the weights beforehand).

    Examples
    --------
    >>> determined(np.array([1.0, 0.05, 1e-6]), threshold=1e-3)
    2
    """
    checks.array("values", values, shape=("k",), minimum=0.0)
    checks.number("threshold", threshold, above=0)
    return int((values > threshold).sum())
