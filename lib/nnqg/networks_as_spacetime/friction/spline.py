r"""The unknown h(t) as a natural cubic spline, :math:`h(t) = \sum_k c_k B_k(t)`."""

import numpy as np
from jaxtyping import Float
from scipy.interpolate import CubicSpline

from nnqg import checks
from nnqg.boundary import checked
from nnqg.networks_as_spacetime.friction.network import FrictionNetwork

__all__ = ["spline_basis"]


@checked
def spline_basis(network: FrictionNetwork, knots: int) -> Float[np.ndarray, "time knot"]:
    """Natural cubic splines at the network's times, 1 at one of equidistant knots (three or more) and 0 at the others; rows sum to 1.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> basis = spline_basis(FrictionNetwork(Particle((0.0, 0.0)), layers=2), 3)
    >>> np.allclose(basis[::2], np.eye(3))
    True
    """
    positions = np.linspace(0.0, network.duration, checks.count("knots", knots, minimum=3))
    return CubicSpline(positions, np.eye(knots), bc_type="natural")(network.times)
