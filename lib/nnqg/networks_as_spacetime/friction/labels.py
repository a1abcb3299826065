r"""Train the friction network as a classifier, as in the papers on emergent spacetime: stops, or does not.

The output of the network is the final velocity F, read through the window of those papers (arXiv:1802.08313), with movable edges,

.. math:: t(F) = 1 + \tfrac12 \left[\tanh\frac{F - \epsilon}{w} - \tanh\frac{F + \epsilon}{w}\right],

close to 0 for :math:`|F| < \epsilon` and to 1 outside; the loss is the mean of :math:`(t - y)^2`. The label y is 0 for a particle that
stops (it lies on the data) and 1 for the others.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.adam import Adam
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.friction.adjoint import pull_back
from nnqg.networks_as_spacetime.friction.data import LabelledPoints
from nnqg.networks_as_spacetime.friction.flow import propagate
from nnqg.networks_as_spacetime.friction.network import FrictionNetwork
from nnqg.networks_as_spacetime.friction.spline import spline_basis

__all__ = ["Training", "label_loss", "train_on_labels"]


@checked
@dataclass(frozen=True)
class Training:
    """What came out of training on labels.

    Attributes
    ----------
    values, friction : numpy.ndarray
        h at the knots, and at the network's times.
    losses : numpy.ndarray
        Loss of each minibatch.
    """

    values: Float[np.ndarray, "fit knot"]
    friction: Float[np.ndarray, "fit time"]
    losses: Float[np.ndarray, "step fit"]


@checked
def label_loss(
    network: FrictionNetwork,
    values: Float[np.ndarray, "fit knot"],
    initial: Float[np.ndarray, "#fit data 2"],
    labels: Float[np.ndarray, "#fit data"],
    tolerance: Float[np.ndarray, " fit"],
    width: Float[np.ndarray, " fit"],
) -> tuple[Float[np.ndarray, " fit"], Float[np.ndarray, "fit knot"]]:
    """Mean of (t - y)^2 and its exact gradient with respect to h at equidistant knots; labels y are 0.0 for particles that stop.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> free = FrictionNetwork(Particle((0.0, 0.0)))
    >>> at_rest, stops = np.array([[[1.0, 0.0]]]), np.array([[0.0]])
    >>> label_loss(free, np.zeros((1, 3)), at_rest, stops, np.array([0.1]), np.array([0.01]))[0].round(6)
    array([0.])
    """
    checks.array("values", values, shape=("fit", "knot"))
    checks.array("labels", labels, shape=(None, None), minimum=0.0, maximum=1.0)
    for name, value in (("tolerance", tolerance), ("width", width)):
        checks.array(name, value, shape=(len(values),), minimum=np.finfo(float).tiny)
    if labels.shape[1:] != initial.shape[1:2] or len(labels) not in (1, len(values)):
        remedy = "pass labels and initial data of the same particles"
        raise InvalidArgument("labels", "one label per particle", f"shape {labels.shape}", remedy)
    basis = spline_basis(network, values.shape[1])
    friction = values @ basis.T
    states = propagate(network, friction, initial)
    output, slope = _window(states[-1, 0, 1], tolerance, width)
    cotangent = np.zeros_like(states[-1])
    cotangent[0, 1] = 2 * (output - labels) * slope / labels.shape[1]
    gradient = pull_back(network, friction, states, cotangent).sum(axis=1) @ basis
    return ((output - labels) ** 2).mean(axis=1), gradient


@checked
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
    start : numpy.ndarray
        First guess of h at equidistant knots.
    points : list of LabelledPoints
        The data of each fit, equally many.
    rate : float
        First learning rate.
    first_width : float
        First softness of the window; the last is half the tolerance of the data.

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
    for name, number in (("steps", steps), ("batch", batch)):
        checks.count(name, number, maximum=checks.MOST_STEPS)
    for name, value in (("rate", rate), ("first_width", first_width)):
        checks.number(name, value, above=0)
    if len(points) != len(start) or len({len(one.stops) for one in points}) > 1:
        raise InvalidArgument("points", "as many data sets as fits, equally long", len(points), "give each fit its data set")
    values = start.copy()
    adam = Adam(values.reshape(-1))  # a view: its steps move the values
    initial, labels = np.stack([one.initial for one in points]), np.stack([1.0 - one.stops for one in points])
    tolerance = np.array([one.tolerance for one in points])
    fit, losses = np.arange(len(points))[:, None], []
    widths = np.geomspace(np.full(len(points), first_width), tolerance / 2, steps)
    for step, width in enumerate(widths, start=1):
        chosen = rng.integers(labels.shape[1], size=(len(points), batch))
        loss, gradient = label_loss(network, values, initial[fit, chosen], labels[fit, chosen], tolerance, width)
        adam.step(gradient.ravel(), rate * 0.1 ** (step / steps))
        losses.append(loss)
    return Training(values, values @ spline_basis(network, start.shape[1]).T, np.stack(losses))


def _window(velocity: np.ndarray, tolerance: np.ndarray, width: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The window t(F), with edges of softness ``width`` at plus and minus ``tolerance``, and its derivative dt/dF [fit, data]."""
    epsilon, w = tolerance[:, None], width[:, None]
    right, left = np.tanh((velocity - epsilon) / w), np.tanh((velocity + epsilon) / w)
    return 1 + (right - left) / 2, (left**2 - right**2) / (2 * w)
