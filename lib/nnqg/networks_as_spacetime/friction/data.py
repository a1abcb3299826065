r"""Data of the friction problem: which particles stop?

Either as exact points of the stop curve :math:`v_T(x_0, v_0) = 0`, or as labelled initial conditions: stopped within a tolerance, or not.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument, NotConverged
from nnqg.networks_as_spacetime.friction.flow import final_state
from nnqg.networks_as_spacetime.friction.network import FrictionNetwork

__all__ = ["LabelledPoints", "labelled_points", "stop_points"]


@checked
@dataclass(frozen=True)
class LabelledPoints:
    """Initial conditions and whether the particle stops.

    Attributes
    ----------
    initial : numpy.ndarray
        Initial (x, v).
    stops : numpy.ndarray of bool
        True where the final speed is smaller than the tolerance. As a label this is 0, as in the papers: 0 lies on the data, 1 does not.
    tolerance : float
        Speed below which a particle counts as stopped.
    """

    initial: Float[np.ndarray, "data 2"]
    stops: Bool[np.ndarray, " data"]
    tolerance: float

    def __post_init__(self) -> None:
        checks.array("initial", self.initial, shape=("data", 2))
        checks.number("tolerance", self.tolerance, above=0)
        if getattr(self.stops, "dtype", None) != np.dtype(bool) or self.stops.shape != self.initial.shape[:1]:
            expected = f"an array of {len(self.initial)} booleans"
            raise InvalidArgument("stops", expected, f"{self.stops!r}", "say of each particle whether it stops")


@checked
def stop_points(
    network: FrictionNetwork,
    friction: Float[np.ndarray, " time"],
    box: tuple[float, float],
    count: int,
    rng: np.random.Generator,
) -> Float[np.ndarray, "data 2"]:
    r"""Points of the stop curve: random points, moved in :math:`v_0` by Newton's method until :math:`v_T = 0`.

    The result has :math:`|v_T / (\partial v_T / \partial v_0)| < 10^{-9}`. Use more layers than in the inference, so that the two do
    not share their discretisation error.

    Parameters
    ----------
    box : tuple of float
        Points have :math:`|x_0|` < box[0] and :math:`|v_0|` < box[1].

    Raises
    ------
    NotConverged
        If fewer points than asked for are found, from four times as many random ones.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> oscillator = FrictionNetwork(Particle((0.0, 0.0, -0.5)), duration=np.pi)
    >>> points = stop_points(oscillator, np.zeros(321), (1.0, 1.0), 3, np.random.default_rng(0))
    >>> bool(np.abs(points[:, 1]).max() < 1e-5)
    True
    """
    checks.array("friction", friction, shape=network.times.shape)
    half_widths = _half_widths(box)
    checks.count("count", count, maximum=checks.MOST_STEPS)
    points = rng.uniform(-half_widths, half_widths, (4 * count, 2))
    for _ in range(12):
        points[:, 1] -= np.clip(_newton_step(network, friction, points), -half_widths[1] / 8, half_widths[1] / 8)
    on_curve = (np.abs(_newton_step(network, friction, points)) < 1e-9) & (np.abs(points[:, 1]) < half_widths[1])
    if on_curve.sum() < count:
        raise NotConverged("search for stop points", f"{on_curve.sum()} of {count} points", "enlarge the box or ask for fewer points")
    return points[on_curve][:count]


@checked
def labelled_points(
    network: FrictionNetwork,
    friction: Float[np.ndarray, " time"],
    box: tuple[float, float],
    per_class: int,
    tolerance: float,
    rng: np.random.Generator,
) -> LabelledPoints:
    r"""As many particles that stop, :math:`|v_T|` < tolerance, as particles that do not, drawn uniformly from a box.

    First come the particles that stop, then the others, ``per_class`` of each. What is drawn beyond the quota is thrown away.

    Raises
    ------
    NotConverged
        If a class is not filled after 200 rounds.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> oscillator = FrictionNetwork(Particle((0.0, 0.0, -0.5)), duration=np.pi)
    >>> labelled_points(oscillator, np.zeros(321), (1.0, 1.0), 2, 0.1, np.random.default_rng(0)).stops
    array([ True,  True, False, False])
    """
    checks.array("friction", friction, shape=network.times.shape)
    checks.count("per_class", per_class, maximum=checks.MOST_STEPS)
    checks.number("tolerance", tolerance, above=0)
    half_widths = _half_widths(box)
    found: dict[bool, np.ndarray] = {True: np.empty((0, 2)), False: np.empty((0, 2))}
    for _ in range(200):
        drawn = rng.uniform(-half_widths, half_widths, (16 * per_class, 2))
        stops = np.abs(final_state(network, friction[None], drawn[None])[0, 1, 0]) < tolerance
        found = {kind: np.concatenate([kept, drawn[stops == kind]]) for kind, kept in found.items()}
        if all(len(kept) >= per_class for kept in found.values()):
            initial = np.concatenate([found[True][:per_class], found[False][:per_class]])
            return LabelledPoints(initial, np.arange(2 * per_class) < per_class, tolerance)
    reached = f"{len(found[True])} that stop and {len(found[False])} that do not, of {per_class} each"
    raise NotConverged("search for labelled points", reached, "change the tolerance or the box")


def _newton_step(network: FrictionNetwork, friction: np.ndarray, points: np.ndarray) -> np.ndarray:
    final = final_state(network, friction[None], points[None], tangents=1)
    with np.errstate(divide="ignore"):
        return final[0, 1, 0] / final[1, 1, 0]


def _half_widths(box: tuple[float, float]) -> np.ndarray:
    checks.count("number of half widths of the box", len(box), minimum=2, maximum=2)
    return np.array([checks.number("box", width, above=0) for width in box])
