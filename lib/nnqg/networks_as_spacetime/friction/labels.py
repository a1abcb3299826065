r"""Train the friction network as a classifier, as in the papers on emergent spacetime: stops, or does not.

The output of the network is the final velocity F, read through a smooth window,

.. math:: p(F) = \tfrac12 \left[\tanh\frac{F + \epsilon}{w} - \tanh\frac{F - \epsilon}{w}\right],

close to 1 for :math:`|F| < \epsilon` and to 0 outside; the loss is the mean of :math:`(p - y)^2` with y = 1 for a particle that stops.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.friction.adjoint import pull_back
from nnqg.networks_as_spacetime.friction.data import LabelledPoints
from nnqg.networks_as_spacetime.friction.flow import propagate
from nnqg.networks_as_spacetime.friction.network import FrictionNetwork
from nnqg.networks_as_spacetime.friction.spline import spline_basis

__all__ = ["Training", "label_loss", "train_on_labels", "window"]


@dataclass(frozen=True)
class Training:
    """What came out of training on labels.

    Attributes
    ----------
    values : numpy.ndarray, shape (fit, knot)
        h at the knots.
    friction : numpy.ndarray, shape (fit, time)
        h at the network's times.
    losses : numpy.ndarray, shape (step, fit)
        Loss of each minibatch.
    """

    values: Float[np.ndarray, "fit knot"]
    friction: Float[np.ndarray, "fit time"]
    losses: Float[np.ndarray, "step fit"]


def window(
    velocity: Float[np.ndarray, "fit data"], tolerance: Float[np.ndarray, " fit"], width: Float[np.ndarray, " fit"]
) -> tuple[Float[np.ndarray, "fit data"], Float[np.ndarray, "fit data"]]:
    """The window p(F) and its derivative.

    Parameters
    ----------
    velocity : numpy.ndarray, shape (fit, data)
        Final velocities F.
    tolerance : numpy.ndarray, shape (fit,)
        Half the width of each fit's window, positive.
    width : numpy.ndarray, shape (fit,)
        Softness of its edges, positive.

    Returns
    -------
    value, slope : numpy.ndarray, shape (fit, data)
        p and dp/dF.

    Raises
    ------
    InvalidArgument
        If an argument is out of range or not finite.

    Examples
    --------
    >>> window(np.array([[0.0, 0.1, 1.0]]), np.array([0.1]), np.array([0.01]))[0].round(6)
    array([[1. , 0.5, 0. ]])
    """
    checks.array("velocity", velocity, shape=("fit", "data"))
    for name, value in (("tolerance", tolerance), ("width", width)):
        checks.array(name, value, shape=(len(velocity),), minimum=np.finfo(float).tiny)
    epsilon, w = tolerance[:, None], width[:, None]
    rising, falling = np.tanh((velocity + epsilon) / w), np.tanh((velocity - epsilon) / w)
    return (rising - falling) / 2, (falling**2 - rising**2) / (2 * w)


def label_loss(
    network: FrictionNetwork,
    values: Float[np.ndarray, "fit knot"],
    initial: Float[np.ndarray, "#fit data 2"],
    labels: Float[np.ndarray, "#fit data"],
    tolerance: Float[np.ndarray, " fit"],
    width: Float[np.ndarray, " fit"],
) -> tuple[Float[np.ndarray, " fit"], Float[np.ndarray, "fit knot"]]:
    """Mean of (p - y)^2 and its exact gradient with respect to h at the knots.

    Parameters
    ----------
    network : FrictionNetwork
        The layers.
    values : numpy.ndarray, shape (fit, knot)
        h at equidistant knots.
    initial : numpy.ndarray, shape (fit, data, 2) or (1, data, 2)
        Initial (x, v).
    labels : numpy.ndarray, shape (fit, data) or (1, data)
        1.0 where the particle stops, 0.0 where not.
    tolerance, width : numpy.ndarray, shape (fit,)
        Of the `window`.

    Returns
    -------
    loss : numpy.ndarray, shape (fit,)
        The loss of each fit.
    gradient : numpy.ndarray, shape (fit, knot)
        Its gradient.

    Raises
    ------
    InvalidArgument
        If an argument does not fit.
    Diverged
        If a trajectory overflows.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> free = FrictionNetwork(Particle((0.0, 0.0)))
    >>> at_rest, stops = np.array([[[1.0, 0.0]]]), np.array([[1.0]])
    >>> label_loss(free, np.zeros((1, 3)), at_rest, stops, np.array([0.1]), np.array([0.01]))[0].round(6)
    array([0.])
    """
    checks.array("values", values, shape=("fit", "knot"))
    checks.array("labels", labels, shape=(None, None), minimum=0.0, maximum=1.0)
    if labels.shape[1:] != initial.shape[1:2] or len(labels) not in (1, len(values)):
        remedy = "pass labels and initial data of the same particles"
        raise InvalidArgument("labels", "one label per particle", f"shape {labels.shape}", remedy)
    basis = spline_basis(network, values.shape[1])
    friction = values @ basis.T
    states = propagate(network, friction, initial)
    probability, slope = window(states[-1, 0, 1], tolerance, width)
    cotangent = np.zeros_like(states[-1])
    cotangent[0, 1] = 2 * (probability - labels) * slope / labels.shape[1]
    gradient = pull_back(network, friction, states, cotangent).sum(axis=1) @ basis
    return ((probability - labels) ** 2).mean(axis=1), gradient


def train_on_labels(
    network: FrictionNetwork,
    start: Float[np.ndarray, "fit knot"],
    points: list[LabelledPoints],
    *,
    rng: np.random.Generator,
    steps: int = 150,
    batch: int = 100,
    rate: float = 0.01,
    first_width: float = 0.5,
) -> Training:
    """Adam on minibatches, all fits at once, while the edges of the window sharpen and the learning rate falls to a tenth.

    Parameters
    ----------
    network : FrictionNetwork
        The layers.
    start : numpy.ndarray, shape (fit, knot)
        First guess of h at equidistant knots.
    points : list of LabelledPoints
        The data of each fit, equally many.
    rng : numpy.random.Generator
        Draws the minibatches.
    steps, batch : int
        Number of steps, and of particles in each.
    rate : float
        First learning rate of Adam.
    first_width : float
        First softness of the window; the last is half the tolerance of the data.

    Returns
    -------
    Training
        The trained h and the losses on the way.

    Raises
    ------
    InvalidArgument
        If an argument does not fit.
    Diverged
        If a trajectory overflows.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> from nnqg.networks_as_spacetime.friction.data import labelled_points
    >>> network, rng = FrictionNetwork(Particle((0.0, 0.0, -0.5, 0.0, -0.125)), layers=80), np.random.default_rng(0)
    >>> points = labelled_points(network, np.full(161, -0.1), (3.0, 3.0), 100, 0.1, rng)
    >>> train_on_labels(network, np.full((1, 3), -0.12), [points], rng=rng, steps=5).losses.shape
    (5, 1)
    """
    checks.array("start", start, shape=("fit", "knot"))
    for name, value in (("steps", steps), ("batch", batch)):
        checks.count(name, value)
    for name, value in (("rate", rate), ("first_width", first_width)):
        checks.number(name, value, above=0)
    if len(points) != len(start) or len({len(one.stops) for one in points}) > 1:
        raise InvalidArgument("points", "as many data sets as fits, equally long", len(points), "give each fit its data set")
    values, moments = start.copy(), np.zeros((2, *start.shape))
    initial, labels = np.stack([one.initial for one in points]), np.stack([one.stops.astype(float) for one in points])
    tolerance = np.array([one.tolerance for one in points])
    fit, losses = np.arange(len(points))[:, None], []
    widths = np.geomspace(np.full(len(points), first_width), tolerance / 2, steps)
    for step, width in enumerate(widths, start=1):
        chosen = rng.integers(labels.shape[1], size=(len(points), batch))
        loss, gradient = label_loss(network, values, initial[fit, chosen], labels[fit, chosen], tolerance, width)
        values = values - rate * 0.1 ** (step / steps) * _adam_direction(moments, gradient, step)
        losses.append(loss)
    return Training(values, values @ spline_basis(network, start.shape[1]).T, np.stack(losses))


def _adam_direction(moments: np.ndarray, gradient: np.ndarray, step: int) -> np.ndarray:
    """Update the running means of the gradient and of its square; return their ratio (arXiv:1412.6980, algorithm 1)."""
    for moment, decay, value in zip(moments, (0.9, 0.999), (gradient, gradient**2), strict=True):
        moment *= decay
        moment += (1 - decay) * value
    return moments[0] / (1 - 0.9**step) / (np.sqrt(moments[1] / (1 - 0.999**step)) + 1e-8)
