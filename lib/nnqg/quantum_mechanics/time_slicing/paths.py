r"""A path with corners is a network of rectified linear units (arXiv:2403.11420; slide *Universal Approx. of Path Integral*, step 1).

With the times :math:`t_0 < t_1 < \dots < t_N` and :math:`b = x(t_0)` the network

.. math:: x(t) = b + \sum_{n=1}^{N} w_n\,\mathrm{ReLU}(t - t_{n-1})

has the velocity :math:`W_n = \sum_{k \le n} w_k` between :math:`t_{n-1}` and :math:`t_n`. So :math:`w_1` is the first velocity, and
every other weight a jump of the velocity.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["network_of_path", "path_of_network"]


@checked
def network_of_path(x: Float[np.ndarray, "*path time"], times: Float[np.ndarray, " time"]) -> Float[np.ndarray, "*path weight"]:
    """Return the weights w_1 ... w_N of the network through the points x(t_0) ... x(t_N); its bias is x(t_0).

    Examples
    --------
    >>> network_of_path(np.array([0.0, 1.0, 1.0]), np.array([0.0, 0.5, 1.0]))
    array([ 2., -2.])
    """
    steps = time_steps(times)
    checks.array("x", x)
    if x.shape[-1] != len(times):
        raise InvalidArgument("x", f"one position for each of the {len(times)} times", x.shape[-1], "let time be the last axis")
    return np.diff(np.diff(x) / steps, prepend=0.0)


@checked
def path_of_network(
    w: Float[np.ndarray, "*path weight"],
    b: float | Float[np.ndarray, "*path"],
    times: Float[np.ndarray, " time"],
    t: Float[np.ndarray, " t"],
) -> Float[np.ndarray, "*path t"]:
    """Return x(t) of the network with the weights w, the bias b and units that switch on at all but the last of the times.

    Examples
    --------
    >>> path_of_network(np.array([2.0, -2.0]), 0.0, np.array([0.0, 0.5, 1.0]), np.array([0.25, 0.75]))
    array([0.5, 1. ])
    """
    checks.array("w", w)
    checks.array("t", t, shape=("t",))
    if w.shape[-1] != len(time_steps(times)):
        raise InvalidArgument("w", f"a weight for each of the {len(times) - 1} time steps", w.shape[-1], "leave out the last time")
    return np.asarray(b)[..., None] + w @ np.maximum(t - times[:-1, None], 0.0)


def time_steps(times: Float[np.ndarray, " time"]) -> Float[np.ndarray, " step"]:
    """Return the steps between growing times, at least two of them.

    Examples
    --------
    >>> time_steps(np.array([0.0, 0.5, 2.0]))
    array([0.5, 1.5])
    """
    steps = np.diff(checks.array("times", times, shape=("time",)))
    checks.count("time steps", len(steps), minimum=2)
    checks.number("shortest time step", steps.min(), above=0)
    return steps
