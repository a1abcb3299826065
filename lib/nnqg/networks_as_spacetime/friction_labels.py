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
from nnqg.networks_as_spacetime.friction import FrictionNetwork
from nnqg.networks_as_spacetime.friction_adjoint import pull_back
from nnqg.networks_as_spacetime.friction_data import LabelledPoints
from nnqg.networks_as_spacetime.friction_flow import propagate
from nnqg.networks_as_spacetime.friction_spline import spline_basis

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
    velocity: Float[np.ndarray, "*shape"], tolerance: float, width: float
) -> tuple[Float[np.ndarray, "*shape"], Float[np.ndarray, "*shape"]]:
    """The window p(F) and its derivative.

    Parameters
    ----------
    velocity : numpy.ndarray
        Final velocities F, any shape.
    tolerance : float
        Half the width of the window, positive.
    width : float
        Softness of its edges, positive.

    Returns
    -------
    value, slope : numpy.ndarray
        p and dp/dF, in the shape of the velocity.

    Raises
    ------
    InvalidArgument
        If an argument is out of range or not finite.

    Examples
    --------
    >>> window(np.array([0.0, 0.1, 1.0]), tolerance=0.1, width=0.01)[0].round(6)
    array([1. , 0.5, 0. ])
    """
    checks.array("velocity", velocity)
    checks.number("tolerance", tolerance, above=0)
    checks.number("width", width, above=0)
    rising, falling = np.tanh((velocity + tolerance) / width), np.tanh((velocity - tolerance) / width)
    return (rising - falling) / 2, (falling**2 - rising**2) / (2 * width)


def label_loss(
    network: FrictionNetwork,
    values: Float[np.ndarray, "fit knot"],
    initial: Float[np.ndarray, "#fit data 2"],
    labels: Float[np.ndarray, "#fit data"],
    tolerance: float,
    width: float,
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
    tolerance, width : float
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
    >>> from nnqg.networks_as_spacetime.friction import Particle
    >>> free = FrictionNetwork(Particle((0.0, 0.0)))
    >>> label_loss(free, np.zeros((1, 3)), np.array([[[1.0, 0.0]]]), np.array([[1.0]]), 0.1, 0.01)[0].round(6)
    array([0.])
    """
    checks.array("values", values, shape=("fit", "knot"))
    checks.array("labels", labels, shape=(None, None), minimum=0.0, maximum=1.0)
    if labels.shape[1:] != initial.shape[1:2] or len(labels) not in (1, len(values)):
        raise InvalidArgument("labels", "one label per particle", f"shape {labels.shape}", "pass labels and initial data of the same particles")
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
    points: LabelledPoints,
    *,
    tolerance: float,
    rng: np.random.Generator,
    steps: int = 200,
    batch: int = 128,
    rate: float = 0.01,
    widths: tuple[float, float] = (0.5, 0.05),
) -> Training:
    """Adam on minibatches, all fits at once, while the edges of the window sharpen and the learning rate falls to a tenth.

    Parameters
    ----------
    network : FrictionNetwork
        The layers.
    start : numpy.ndarray, shape (fit, knot)
        First guess of h at equidistant knots.
    points : LabelledPoints
        The data, the same for all fits.
    tolerance : float
        With which the data were labelled.
    rng : numpy.random.Generator
        Draws the minibatches.
    steps, batch : int
        Number of steps, and of particles in each.
    rate : float
        First learning rate of Adam.
    widths : tuple of float
        First and last softness of the window.

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
    >>> from nnqg.networks_as_spacetime.friction import Particle
    >>> from nnqg.networks_as_spacetime.friction_data import labelled_points
    >>> network, rng = FrictionNetwork(Particle((0.0, 0.0, -0.5, 0.0, -0.125)), layers=80), np.random.default_rng(0)
    >>> points = labelled_points(network, np.full(161, -0.1), (3.0, 3.0), 100, 0.1, rng)
    >>> training = train_on_labels(network, np.full((1, 3), -0.12), points, tolerance=0.1, rng=rng, steps=60)
    >>> bool(abs(training.friction.mean() + 0.1) < 0.01)
    True
    """
    import torch

    checks.array("start", start, shape=("fit", "knot"))
    for name, value in (("steps", steps), ("batch", batch)):
        checks.count(name, value)
    checks.number("rate", rate, above=0)
    weights = torch.nn.Parameter(torch.from_numpy(start.copy()))
    adam = torch.optim.Adam([weights], lr=rate)
    schedule = torch.optim.lr_scheduler.ExponentialLR(adam, 0.1 ** (1 / steps))
    labels, losses = points.stops.astype(float), []
    for width in np.geomspace(*widths, steps):
        chosen = rng.integers(len(labels), size=(len(start), batch))
        loss, gradient = label_loss(network, weights.detach().numpy(), points.initial[chosen], labels[chosen], tolerance, float(width))
        weights.grad = torch.from_numpy(gradient)
        adam.step()
        schedule.step()
        losses.append(loss)
    values = weights.detach().numpy().copy()
    return Training(values, values @ spline_basis(network, start.shape[1]).T, np.stack(losses))
