r"""Training on entropies: least squares of relative errors, and mixtures of networks (in the spirit of 2110.01115).

A model is a function of parameters that returns values and their derivatives. In a mixture the purity is averaged over networks,
:math:`e^{-S(A)} = \sum_k p_k\, e^{-S_k(A)}` with :math:`p = \operatorname{softmax}(g)`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.optimize import least_squares

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["Fit", "fit", "mix"]

Model = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@checked
@dataclass(frozen=True)
class Fit:
    """Parameters at a minimum, relative errors of the data, and the derivatives of these by the parameters."""

    parameters: Float[np.ndarray, " parameter"]
    errors: Float[np.ndarray, " data"]
    slopes: Float[np.ndarray, "data parameter"]

    @property
    def rms(self) -> float:
        """Root mean square of the relative errors."""
        return float(np.sqrt((self.errors**2).mean()))


@checked
def fit(
    model: Model,
    data: Float[np.ndarray, " data"],
    start: Float[np.ndarray, " parameter"],
    *,
    lower: float = 0.0,
    upper: float = 3.0,
    weights: Float[np.ndarray, " data"] | None = None,
    evaluations: int = 200,
) -> Fit:
    r"""Minimise :math:`\sum_i w_i^2 (y_i(\theta) / y_i - 1)^2` between two bounds, with scipy's trust-region method.

    Examples
    --------
    >>> line = lambda x: (x[0] * np.array([1.0, 2.0]), np.array([[1.0], [2.0]]))
    >>> fit(line, np.array([0.5, 1.0]), np.array([1.0])).parameters.round(6)
    array([0.5])
    """
    checks.array("data", data, shape=("data",))
    checks.array("start", start, shape=("parameter",), minimum=lower, maximum=upper)
    if (data == 0).any():
        raise InvalidArgument("data", "entries other than 0", f"{(data == 0).sum()} zeros", "leave out what has no entropy")
    w = np.ones(len(data)) if weights is None else checks.array("weights", weights, shape=data.shape, minimum=0)
    last: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}

    def relative(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        key = x.tobytes()
        if key not in last:
            values, slopes = model(x)
            if np.shape(values) != data.shape:
                raise InvalidArgument(
                    "model", f"{len(data)} values, one for each of the data", np.shape(values), "give data of the same kind"
                )
            last.clear()
            last[key] = values / data - 1, slopes / data[:, None]
        return last[key]

    found = least_squares(
        lambda x: w * relative(x)[0],
        start,
        jac=lambda x: w[:, None] * relative(x)[1],
        bounds=(lower, upper),
        max_nfev=checks.count("evaluations", evaluations),
    )
    checks.finite_result("training", found.cost, where="its end", remedy="begin with smaller couplings")
    return Fit(found.x, *relative(found.x))


@checked
def mix(
    model: Model, couplings: Float[np.ndarray, "network coupling"], g: Float[np.ndarray, " network"]
) -> tuple[Float[np.ndarray, " region"], Float[np.ndarray, "region parameter"]]:
    """Entropies of a mixture of networks and their derivatives by all couplings, network by network, and then by g.

    Examples
    --------
    >>> model = lambda x: (x, np.eye(1))
    >>> mix(model, np.array([[1.0], [1.0]]), np.array([0.3, 0.0]))[0].round(12)
    array([1.])
    """
    checks.array("couplings", couplings, shape=(None, None))
    checks.array("g", g, shape=(len(couplings),))
    p = np.exp(g - g.max())
    p /= p.sum()
    S, slopes = (np.stack(parts) for parts in zip(*map(model, couplings), strict=True))
    purity = p[:, None] * np.exp(S.min(axis=0) - S)
    share = purity / purity.sum(axis=0)  # network region
    by_couplings = [one[:, None] * slope for one, slope in zip(share, slopes, strict=True)]
    return S.min(axis=0) - np.log(purity.sum(axis=0)), np.concatenate([*by_couplings, (p[:, None] - share).T], axis=1)
