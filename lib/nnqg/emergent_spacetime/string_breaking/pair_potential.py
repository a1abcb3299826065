r"""The classical potential of a quark pair: the stable strings, as one function of the distance.

Of all strings in a metric (`find_branches`) only those on the outermost branch whose length shrinks as the turning point moves out can
be a ground state. Their potential runs from Coulomb to its end: the largest distance, or a wall, along which a string can be as long as
one likes. A wall may be a corner of :math:`fg`, where a dilaton is switched off; a string reaches a corner at a finite distance, and
from there the potential is exactly linear with the force of the wall. Page ``emergent-spacetime/string-breaking``.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.quark_potential.string_branches import find_branches
from nnqg.emergent_spacetime.quark_potential.wilson_loop import MetricFunction
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["PairPotential", "pair_potential"]

ALONG_WALL = 60  # points on the linear part behind a wall


@checked(infinite=("longest",))
@dataclass(frozen=True)
class PairPotential:
    r"""Potential of the stable strings, in the units of the metric, by increasing distance.

    Attributes
    ----------
    distance, energy, force : numpy.ndarray
        d, :math:`2\pi\alpha'V`, which is positive where two straight strings are cheaper, and :math:`2\pi\alpha'\,dV/dd`.
    breaking : float
        :math:`d_*`, where the energy is zero.
    longest : float
        Largest distance of a string that hangs; infinite with a wall.
    """

    distance: Float[np.ndarray, " string"]
    energy: Float[np.ndarray, " string"]
    force: Float[np.ndarray, " string"]
    breaking: float
    longest: float

    def force_at(self, share: float) -> float:
        r"""Force at a share, up to 1, of :math:`d_*`."""
        wanted = checks.number("share", share, above=0, maximum=1) * self.breaking
        if wanted < self.distance[0]:
            raise InvalidArgument("share", f"at least {self.distance[0] / self.breaking:.3g}", share, "stay farther from the boundary")
        return float(np.exp(np.interp(np.log(wanted), np.log(self.distance), np.log(self.force))))


@checked
def pair_potential(metric: MetricFunction, number: int = 400) -> PairPotential:
    r"""Potential of a quark pair in a metric with a horizon at depth 0, with as many turning points in the scan.

    It goes up to the longest stable string, or with a wall up to twice :math:`d_*`.

    Raises
    ------
    NotConverged
        If the energy of the stable strings does not cross zero.

    Examples
    --------
    >>> from nnqg.quantum_gravity.dictionary.metrics import ads_schwarzschild
    >>> found = pair_potential(lambda eta: ads_schwarzschild(eta, d=4))
    >>> round(found.breaking / np.pi, 4), round(found.longest / np.pi, 4)
    (0.24, 0.2766)
    """
    found = find_branches(metric, number=number)
    outer = found.strings[-1]
    top = int(outer.length.argmax())
    distance, energy, force = (values[top:][::-1] for values in (outer.length, outer.energy, outer.force))
    once = np.append(True, np.diff(distance) > 0)  # the scan has its shallowest point twice when there is a wall
    distance, energy, force = distance[once], energy[once], force[once]
    if found.wall > 0:
        target = 2 * max(distance[-1] - min(energy[-1], 0.0) / found.tension, distance[-1])
        along = distance[-1] + (target - distance[-1]) * np.linspace(0, 1, ALONG_WALL + 1)[1:]
        energy = np.append(energy, energy[-1] + found.tension * (along - distance[-1]))
        distance, force = np.append(distance, along), np.append(force, np.full(ALONG_WALL, found.tension))
    if energy[-1] <= 0:
        raise NotConverged("the zero of the potential", f"energy {energy[-1]:.3g} at the longest string", "refine the scan")
    k = int(np.argmax(energy > 0))
    zeros = found.zeros.length
    inside = zeros[(zeros >= distance[k - 1]) & (zeros <= distance[k])]
    straight = distance[k - 1] - energy[k - 1] * (distance[k] - distance[k - 1]) / (energy[k] - energy[k - 1])
    breaking = float(inside[0]) if len(inside) else float(straight)
    return PairPotential(distance, energy, force, breaking, found.longest)
