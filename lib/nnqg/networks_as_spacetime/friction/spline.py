r"""The unknown h(t) as a natural cubic spline, :math:`h(t) = \sum_k c_k B_k(t)`, and the error band of a fit."""

import numpy as np
from jaxtyping import Float
from scipy.interpolate import CubicSpline

from nnqg import checks
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.friction.network import FrictionNetwork

__all__ = ["error_band", "spline_basis"]


def spline_basis(network: FrictionNetwork, knots: int) -> Float[np.ndarray, "time knot"]:
    """Natural cubic splines that are 1 at one of equidistant knots and 0 at the others.

    Parameters
    ----------
    network : FrictionNetwork
        Where to evaluate: at its times.
    knots : int
        Number of knots, at least 3; the first is at 0, the last at the network's duration.

    Returns
    -------
    numpy.ndarray, shape (time, knot)
        The basis; rows sum to 1.

    Raises
    ------
    InvalidArgument
        If there are fewer than 3 knots.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> basis = spline_basis(FrictionNetwork(Particle((0.0, 0.0)), layers=2), 3)
    >>> np.allclose(basis[::2], np.eye(3))
    True
    """
    positions = np.linspace(0.0, network.duration, checks.count("knots", knots, minimum=3))
    return CubicSpline(positions, np.eye(knots), bc_type="natural")(network.times)


def error_band(jacobian: Float[np.ndarray, "data knot"], basis: Float[np.ndarray, "time knot"], noise: float) -> Float[np.ndarray, " time"]:
    r"""Standard error of h(t) to first order: :math:`\sigma_h(t)^2 = \sigma^2 B(t) (J^T J)^{-1} B(t)^T`.

    Parameters
    ----------
    jacobian : numpy.ndarray, shape (data, knot)
        J of one fit.
    basis : numpy.ndarray, shape (time, knot)
        From `spline_basis`.
    noise : float
        Standard error of a residual, at least 0.

    Returns
    -------
    numpy.ndarray, shape (time,)
        The standard error.

    Raises
    ------
    InvalidArgument
        If shapes do not fit, the noise is negative, or the data leave a combination of the knots undetermined: its error is infinite.

    Examples
    --------
    >>> error_band(np.diag([1.0, 10.0]), np.eye(2), 0.1)
    array([0.1 , 0.01])
    """
    checks.array("jacobian", jacobian, shape=("data", "knot"))
    checks.array("basis", basis, shape=("time", jacobian.shape[1]))
    checks.number("noise", noise, minimum=0)
    rank, knots = np.linalg.matrix_rank(jacobian), jacobian.shape[1]
    if rank < knots:
        raise InvalidArgument("jacobian", f"rank {knots}, one for each knot", f"rank {rank}", "use fewer knots or more data")
    return noise * np.linalg.norm(basis @ np.linalg.pinv(jacobian), axis=1)
