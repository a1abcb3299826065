r"""The machine at small :math:`\hbar`: its most likely state is a forward network, and the first correction is one determinant.

Where :math:`\partial E/\partial\phi_k = 0` on every hidden layer, the flux :math:`p_k = a_k(\phi_k - \phi_{k+1})` obeys the two-unit layers

.. math:: \phi_{k+1} = \phi_k - p_k/a_k, \qquad p_{k+1} = p_k - V_{k+1}'(\phi_{k+1}), \qquad V_k' = M_k\phi + L_k\phi^3 ,

and the output :math:`p_N`, the flux through the horizon, must vanish. With the Hessian H of the hidden layers there,

.. math:: -\hbar\log Z[J] = E + \tfrac{\hbar}{2}\log\det\frac{H}{2\pi\hbar} + O(\hbar^2), \qquad
    \langle\phi_k\rangle = \phi_k - 3\hbar\sum_j H^{-1}_{kj}L_j\phi_jH^{-1}_{jj} + O(\hbar^2) .
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.linalg import solveh_banded

from nnqg import checks
from nnqg.errors import NotConverged
from nnqg.quantum_gravity.dictionary.bulk_energy import BulkStack, energy, energy_slope
from nnqg.quantum_gravity.dictionary.gaussian_layers import layer_recursion, precision_matrix

__all__ = ["OneLoop", "classical_profile", "one_loop", "roll_out"]


@dataclass(frozen=True)
class OneLoop:
    r"""The machine with its visible unit held at J, to first order in :math:`\hbar`.

    Attributes
    ----------
    profile : numpy.ndarray, shape (layer,)
        The classical profile.
    action : float
        Its energy.
    half_log_det : float
        :math:`\frac12\log\det H` over the hidden layers.
    shift : numpy.ndarray, shape (layer,)
        Change of the mean profile per :math:`\hbar`.
    """

    profile: Float[np.ndarray, " layer"]
    action: float
    half_log_det: float
    shift: Float[np.ndarray, " layer"]

    def log_z(self, hbar: float) -> float:
        r"""Return :math:`\log Z[J]` to this order.

        Parameters
        ----------
        hbar : float
            Positive.

        Returns
        -------
        float
            :math:`-E/\hbar - \frac12\log\det H/2\pi\hbar`.
        """
        hbar = checks.number("hbar", hbar, above=0)
        hidden = len(self.profile) - 1
        return -self.action / hbar - self.half_log_det + hidden / 2 * float(np.log(2 * np.pi * hbar))


def roll_out(stack: BulkStack, phi: float, flux: float) -> tuple[Float[np.ndarray, " layer"], float]:
    r"""Run the forward network: boundary values in, profile and horizon flux out.

    Parameters
    ----------
    stack : BulkStack
        The weights.
    phi : float
        Field of the visible layer.
    flux : float
        :math:`p_0` on the first link.

    Returns
    -------
    tuple
        Fields, shape (layer,), and the flux :math:`p_N` behind the last layer.

    Raises
    ------
    InvalidArgument
        If an input is not finite.
    Diverged
        If the field overflows.

    Examples
    --------
    >>> stack = BulkStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.zeros(2))
    >>> roll_out(stack, 1.0, 1.0)  # K_0 = 2 = M_0 + 1
    (array([1. , 0.5]), 0.0)

    Notes
    -----
    Derived in the page ``discussion/deep-boltzmann-holography``.
    """
    profile, p = [checks.number("phi", phi)], checks.number("flux", flux)
    with np.errstate(over="ignore", invalid="ignore"):  # an overflow is reported below
        for a, m, quartic in zip(stack.links, stack.quadratic[1:], stack.quartic[1:], strict=True):
            profile.append(np.float64(profile[-1] - p / a))
            p = p - m * profile[-1] - quartic * profile[-1] ** 3
    found = np.array(profile, dtype=float)
    checks.finite_result("the field", np.append(found, p), where="the forward network", remedy="choose the flux nearer to the regular one")
    return found, float(p)


def classical_profile(stack: BulkStack, source: float) -> Float[np.ndarray, " layer"]:
    """Minimise the energy over the hidden layers, by Newton's method with a line search.

    The energy is convex if the free machine exists, so the minimum is unique.

    Parameters
    ----------
    stack : BulkStack
        The machine.
    source : float
        J, the value of the visible unit.

    Returns
    -------
    numpy.ndarray, shape (layer,)
        The profile, the source first.

    Raises
    ------
    Diverged
        If the free machine's integral does not exist.
    NotConverged
        If 100 steps are not enough.

    Examples
    --------
    >>> stack = BulkStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.array([0.0, 4.0]))
    >>> classical_profile(stack, 4.0)  # 2 (phi - 4) + 2 phi + 4 phi^3 = 0
    array([4., 1.])
    """
    layer_recursion(stack)
    phi = np.zeros_like(stack.eta)
    phi[0] = checks.number("source", source)
    for _ in range(100):
        slope = energy_slope(stack, phi)[1:]
        bands = _hessian_bands(stack, phi)
        move = solveh_banded(bands, slope) if len(slope) > 1 else slope / bands[1]  # LAPACK wants two rows
        scale, start = 1.0, energy(stack, phi)
        while scale > 1e-6 and energy(stack, phi - scale * np.append(0.0, move)) > start + 1e-14 * abs(start):
            scale /= 2
        phi[1:] -= scale * move
        if abs(move).max() <= 1e-13 * max(1.0, abs(phi).max()):
            return phi
    raise NotConverged("the classical profile", f"a last step of {abs(move).max():.2g}", "choose a smaller source or coupling")


def one_loop(stack: BulkStack, source: float) -> OneLoop:
    r"""Return the classical profile with the determinant and the shift of the mean around it.

    Parameters
    ----------
    stack : BulkStack
        The machine.
    source : float
        J, the value of the visible unit.

    Returns
    -------
    OneLoop
        Everything of first order in :math:`\hbar`.

    Raises
    ------
    Diverged
        If the free machine's integral does not exist.

    Examples
    --------
    >>> stack = BulkStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.zeros(2))
    >>> free = one_loop(stack, 1.0)  # hidden Hessian 4, action K_0/2
    >>> free.action, round(free.half_log_det, 4), free.shift
    (1.0, 0.6931, array([0., 0.]))
    """
    profile = classical_profile(stack, source)
    hidden = profile[1:]
    hessian = precision_matrix(stack)[1:, 1:] + np.diag(3 * stack.quartic[1:] * hidden**2)
    propagator = np.linalg.inv(hessian)
    shift = -3 * propagator @ (stack.quartic[1:] * hidden * np.diag(propagator))
    half = float(np.linalg.slogdet(hessian)[1]) / 2
    return OneLoop(profile, float(energy(stack, profile)), half, np.append(0.0, shift))


def _hessian_bands(stack: BulkStack, phi: np.ndarray) -> np.ndarray:
    """The Hessian of the hidden layers in the upper banded form of scipy."""
    inner = np.append(stack.links[1:], 0.0)
    diagonal = stack.links + inner + stack.quadratic[1:] + 3 * stack.quartic[1:] * phi[1:] ** 2
    return np.stack([np.append(0.0, -stack.links[1:]), diagonal])
