"""The magnetisation curve of a bulk network: the M(H) whose field reaches the horizon end with pi = 0."""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.magnetisation import _kernels
from nnqg.emergent_spacetime.magnetisation.objective import FALLOFFS, Objective
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["critical_curve"]


@checked(nan=("return",), quantities=dict.fromkeys(("field", "stride"), "a magnetic field"))
def critical_curve(
    weights: Float[np.ndarray, " weight"],
    field: Float[np.ndarray, " data"],
    objective: Objective = FALLOFFS,
    stride: float = 0.02,
    lost_as_nan: bool = False,
) -> Float[np.ndarray, " data"]:
    """Follow F(H, M) = 0 from the origin by Newton's method, in small strides of H so that it stays on one branch.

    Parameters
    ----------
    weights : numpy.ndarray, shape (weight,)
        As in `nnqg.emergent_spacetime.magnetisation.objective.evaluate`.
    field : numpy.ndarray, shape (data,)
        H in tesla, ascending, from 0 upwards.
    objective : Objective
        Which network.
    stride : float
        Largest step of H in tesla.
    lost_as_nan : bool
        Return NaN where the branch is lost instead of raising an error.

    Raises
    ------
    NotConverged
        If the branch from the origin ends, or turns back, before the largest field.

    Examples
    --------
    >>> weights = np.append(np.zeros(10), [0.0, 0.0, 0.0, 1.0, -1.0, 2.0])  # pi = 2 M - H, and it never changes
    >>> critical_curve(weights, np.array([1.0, 3.0]), Objective(boundary="linear"))
    array([0.5, 1.5])
    """
    checks.array("field", field, shape=("data",), minimum=0.0)
    checks.number("stride", stride, above=0)
    if (np.diff(field) < 0).any():
        raise InvalidArgument("field", "ascending fields", field, "sort them")
    curve = np.empty(len(field))
    _kernels.follow_curve(objective.checked(weights), *objective.compiled(), field, float(stride), curve)
    if not (lost_as_nan or np.isfinite(curve).all()):
        reached = f"lost at {field[~np.isfinite(curve)][0]:.2f} T"
        raise NotConverged("the critical curve", reached, "look at smaller fields, or take smaller strides")
    return curve
