r"""A fully connected network, and the same network with its units in another order.

.. math:: x^{(l+1)} = \tanh(W^{(l)} x^{(l)} + b^{(l)}), \qquad \text{without tanh in the last layer.}

With a permutation matrix :math:`P_l` for every layer of units, :math:`W^{(l)} \to P_{l+1} W^{(l)} P_l^T` and
:math:`b^{(l)} \to P_{l+1} b^{(l)}` give the same function of the permuted entrance, with a permuted exit.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Integer

from nnqg import checks
from nnqg.errors import InvalidArgument

__all__ = ["network_output", "relabel"]

Layer = tuple[Float[np.ndarray, "_ _"], Float[np.ndarray, " _"]]  # (to, from) and (to,)


def network_output(layers: Sequence[Layer], inputs: Float[np.ndarray, "sample entrance"]) -> Float[np.ndarray, "sample exit"]:
    """Exit of a fully connected tanh network whose last layer is linear.

    Parameters
    ----------
    layers : sequence of (numpy.ndarray, numpy.ndarray)
        Weights, shape (to, from), and biases, shape (to,), of each layer.
    inputs : numpy.ndarray, shape (sample, entrance)
        Entrance.

    Returns
    -------
    numpy.ndarray, shape (sample, exit)
        Exit.

    Raises
    ------
    InvalidArgument
        If there is no layer or the shapes do not fit.

    Examples
    --------
    >>> layers = [(np.array([[2.0]]), np.zeros(1)), (np.array([[3.0]]), np.ones(1))]
    >>> network_output(layers, np.zeros((1, 1)))
    array([[1.]])
    """
    _check_layers(layers)
    checks.array("inputs", inputs, shape=("sample", layers[0][0].shape[1]))
    state = inputs  # sample entrance
    for weights, biases in layers[:-1]:
        state = np.tanh(state @ weights.T + biases)
    weights, biases = layers[-1]
    return state @ weights.T + biases


def relabel(layers: Sequence[Layer], orders: Sequence[Integer[np.ndarray, " _"]]) -> list[Layer]:
    r"""The network :math:`W^{(l)} \to P_{l+1} W^{(l)} P_l^T`: unit i of a layer is the former unit ``orders[l][i]``.

    Parameters
    ----------
    layers : sequence of (numpy.ndarray, numpy.ndarray)
        Weights and biases as in `network_output`.
    orders : sequence of numpy.ndarray of int
        A permutation for the entrance, for each hidden layer, and for the exit.

    Returns
    -------
    list of (numpy.ndarray, numpy.ndarray)
        The relabelled layers.

    Raises
    ------
    InvalidArgument
        If the shapes do not fit or an order is no permutation of the units of its layer.

    Examples
    --------
    >>> layers = [(np.array([[1.0, 2.0]]), np.zeros(1))]
    >>> relabel(layers, [np.array([1, 0]), np.array([0])])[0][0]
    array([[2., 1.]])

    Notes
    -----
    Used on the page ``networks-as-spacetime/when-is-a-network-a-space``.
    """
    _check_layers(layers)
    widths = [layers[0][0].shape[1], *(weights.shape[0] for weights, _ in layers)]
    if len(orders) != len(widths):
        raise InvalidArgument("orders", f"{len(widths)} permutations, entrance and exit included", len(orders), "add what is missing")
    for order, width in zip(orders, widths, strict=True):
        if not isinstance(order, np.ndarray) or order.shape != (width,) or set(order.tolist()) != set(range(width)):
            raise InvalidArgument("orders", f"a permutation of {width} units", order, "use rng.permutation")
    return [(weights[np.ix_(new, old)], biases[new]) for (weights, biases), old, new in zip(layers, orders, orders[1:], strict=False)]


def _check_layers(layers: Sequence[Layer]) -> None:
    if not isinstance(layers, list | tuple) or not layers:
        raise InvalidArgument("layers", "a list of (weights, biases)", type(layers).__name__, "pass at least one layer")
    width: int | str = "from"
    for weights, biases in layers:
        checks.array("weights", weights, shape=("to", width))
        checks.array("biases", biases, shape=(weights.shape[0],))
        width = weights.shape[0]
