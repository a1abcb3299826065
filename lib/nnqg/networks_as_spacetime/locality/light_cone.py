r"""How far a signal gets: gradients of deep convolutional networks, and a wave equation written as one.

A unit of layer N sees the entrance through :math:`\partial \phi^{(N)}_i / \partial \phi^{(0)}_j`, which is zero unless
:math:`|i - j| \le h N`: a light cone whose speed is h sites a layer. The wave equation in leapfrog steps,

.. math:: \phi^{(n+1)}_i = 2\phi^{(n)}_i - \phi^{(n-1)}_i + C^2 \big( \phi^{(n)}_{i+1} - 2\phi^{(n)}_i + \phi^{(n)}_{i-1} \big),
          \qquad C = c\,\Delta t/\Delta x,

is a convolutional layer with two channels. It can converge only if the true cone fits into the network's: C <= 1.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.networks_as_spacetime.locality.convolution import convolve

__all__ = ["sensitivity", "wave_network"]


def sensitivity(
    kernels: Float[np.ndarray, "layer offset"], field: Float[np.ndarray, " site"], site: int
) -> Float[np.ndarray, "state site"]:
    r"""Gradient of one exit unit by the units of every layer, :math:`\partial \phi^{(N)}_i / \partial \phi^{(n)}_j`, by backpropagation.

    All layers have the activation tanh; at a zero field this is the gradient of the linear network.

    Parameters
    ----------
    kernels : numpy.ndarray, shape (layer, 2h + 1)
        Shared weights of each layer, ordered as in `convolve`.
    field : numpy.ndarray, shape (site,)
        Entrance.
    site : int
        Exit unit i.

    Returns
    -------
    numpy.ndarray, shape (layer + 1, site)
        Row n: the gradient by the state after n layers. The last is 1 at i and 0 elsewhere.

    Raises
    ------
    InvalidArgument
        If shapes do not fit or the site is not on the ring.

    Examples
    --------
    >>> sensitivity(np.ones((1, 3)), np.zeros(5), 2)[0]
    array([0., 1., 1., 1., 0.])

    Notes
    -----
    Used on the page ``networks-as-spacetime/when-is-a-network-a-space``.
    """
    checks.array("kernels", kernels, shape=("layer", "offset"))
    checks.array("field", field, shape=("site",))
    state, slopes = field, []
    for kernel in kernels:
        state = np.tanh(convolve(state, kernel))
        slopes.append(1 - state**2)
    gradient = np.zeros_like(field)
    gradient[checks.count("site", site, minimum=0, maximum=len(field) - 1)] = 1.0
    rows = [gradient]
    for kernel, slope in zip(kernels[::-1], slopes[::-1], strict=True):
        rows.append(convolve(slope * rows[-1], kernel[::-1].copy()))  # the transposed layer looks the other way
    return np.stack(rows[::-1])


def wave_network(field: Float[np.ndarray, " site"], courant: float, layers: int) -> Float[np.ndarray, "state site"]:
    r"""Wave equation from rest: states after 0, 1, ..., N layers of the two-channel network.

    Parameters
    ----------
    field : numpy.ndarray, shape (site,)
        Entrance; its time derivative is zero.
    courant : float
        Courant number C, how many sites a wave travels in a layer.
    layers : int
        Number N of layers.

    Returns
    -------
    numpy.ndarray, shape (layers + 1, site)
        The states.

    Raises
    ------
    InvalidArgument
        If the ring has fewer than three sites or a number is out of range.
    Diverged
        If a state is no longer finite: the steps are unstable.

    Examples
    --------
    >>> wave_network(np.array([0.0, 0.0, 1.0, 0.0, 0.0]), 1.0, 2)[1]  # C = 1: half the pulse to each side
    array([0. , 0.5, 0. , 0.5, 0. ])
    """
    kick = checks.number("courant", courant, above=0) ** 2 * np.array([1.0, -2.0, 1.0])
    checks.count("layers", layers)
    states = [checks.array("field", field, shape=("site",)), field + convolve(field, kick) / 2]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(layers - 1):
            states.append(2 * states[-1] - states[-2] + _unchecked(states[-1], kick))
    result = np.stack(states)
    return checks.finite_result("wave network", result, where="some layer", remedy="take a smaller Courant number")


def _unchecked(field: np.ndarray, weights: np.ndarray) -> np.ndarray:
    h = len(weights) // 2
    return sum(weight * np.roll(field, -k) for k, weight in zip(range(-h, h + 1), weights, strict=True))
