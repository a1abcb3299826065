r"""The classical limit of a field on units: the state of lowest energy, and the first correction to it.

Where :math:`\partial E/\partial\phi_k = 0` on every hidden layer, `LayeredStack.roll_out` is the same state as a forward network. With
the Hessian H of the hidden layers there,

.. math:: -\hbar\log Z[J] = E + \tfrac{\hbar}{2}\log\det\frac{H}{2\pi\hbar} + O(\hbar^2), \qquad
    \langle\phi_k\rangle = \phi_k - 3\hbar\sum_j H^{-1}_{kj}L_j\phi_jH^{-1}_{jj} + O(\hbar^2) .

Derived in the page ``discussion/deep-boltzmann-holography``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import NotConverged
from nnqg.quantum_gravity.dictionary.gaussian_layers import layer_recursion
from nnqg.quantum_gravity.dictionary.layered_stack import LayeredStack

__all__ = ["OneLoop", "classical_profile", "minimise", "one_loop", "response"]

_Fields = Float[np.ndarray, "*stack unit"]


@checked
def minimise(energy: Callable[[_Fields], np.ndarray], newton_step: Callable[[_Fields], np.ndarray], phi: _Fields, held: int = 1) -> _Fields:
    r"""Minimise a convex energy over all units but the first ``held``, by Newton's method with a line search.

    ``newton_step`` returns :math:`H^{-1}\,\partial E/\partial\phi` of the units that are not held. On a batch each row has a line
    search of its own.

    Raises
    ------
    NotConverged
        If 100 steps are not enough.

    Examples
    --------
    >>> energy = lambda phi: (phi[0] - phi[1]) ** 2 + phi[1] ** 2
    >>> minimise(energy, lambda phi: (4 * phi[1:] - 2 * phi[0]) / 4, np.array([2.0, 0.0]))
    array([2., 1.])
    """
    for _ in range(100):
        move = np.zeros_like(phi)
        move[..., held:] = newton_step(phi)
        scale, start = np.ones(phi.shape[:-1]), energy(phi)
        for _ in range(20):
            uphill = energy(phi - scale[..., None] * move) > start + 1e-12 * abs(start)
            if not uphill.any():
                break
            scale = np.where(uphill, scale / 2, scale)
        phi = phi - scale[..., None] * move
        if abs(move).max() <= 1e-13 * max(1.0, abs(phi).max()):
            return phi
    raise NotConverged("Newton's method", f"a last step of {abs(move).max():.2g}", "choose a smaller source or coupling")


@checked
def classical_profile(stack: LayeredStack, source: float) -> Float[np.ndarray, "*stack layer"]:
    """Return the fields of lowest energy with the visible units held at the source, J.

    The energy is convex if the free machine exists, so the minimum is unique.

    Raises
    ------
    Diverged
        If the free machine's integral does not exist.
    NotConverged
        If 100 steps are not enough.

    Examples
    --------
    >>> stack = LayeredStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.array([0.0, 4.0]))
    >>> classical_profile(stack, 4.0)  # 2 (phi - 4) + 2 phi + 4 phi^3 = 0
    array([4., 1.])
    """
    layer_recursion(stack)
    start = np.zeros_like(stack.quadratic)
    start[..., 0] = checks.number("source", source)
    return minimise(stack.energy, lambda phi: np.linalg.solve(stack.hessian(phi), stack.slope(phi)[..., 1:, None])[..., 0], start)


@checked
def response(stack: LayeredStack, source: float) -> Float[np.ndarray, "*stack"]:
    """Return dE/dJ of the classical profile, the momentum at the boundary.

    Examples
    --------
    >>> stack = LayeredStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.array([0.0, 4.0]))
    >>> float(response(stack, 4.0))  # M_0 J + a_0 (J - 1)
    10.0
    """
    return np.asarray(stack.slope(classical_profile(stack, source))[..., 0])


@checked
@dataclass(frozen=True)
class OneLoop:
    r"""The machine with its visible unit held at J, to first order in :math:`\hbar`.

    Attributes
    ----------
    profile, action
        The classical profile and its energy.
    half_log_det
        :math:`\frac12\log\det H` over the hidden layers.
    shift, response
        Change of the mean profile and of :math:`dW/dJ`, :math:`W = -\hbar\log Z`, per :math:`\hbar`.
    """

    profile: Float[np.ndarray, "*stack layer"]
    action: Float[np.ndarray, "*stack"]
    half_log_det: Float[np.ndarray, "*stack"]
    shift: Float[np.ndarray, "*stack layer"]
    response: Float[np.ndarray, "*stack"]

    def log_z(self, hbar: float) -> Float[np.ndarray, "*stack"]:
        r"""Return :math:`\log Z[J] = -E/\hbar - \frac12\log\det H/2\pi\hbar`, for the measure :math:`\prod_kd\phi_k`."""
        hbar, hidden = checks.number("hbar", hbar, above=0), self.profile.shape[-1] - 1
        return np.asarray(-self.action / hbar - self.half_log_det + hidden / 2 * np.log(2 * np.pi * hbar))


@checked
def one_loop(stack: LayeredStack, source: float) -> OneLoop:
    """Return the classical profile with the determinant and the shift of the mean around it.

    Examples
    --------
    >>> stack = LayeredStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.zeros(2))
    >>> free = one_loop(stack, 1.0)  # hidden Hessian 4, action K_0/2
    >>> float(free.action), float(free.half_log_det.round(4)), free.shift
    (1.0, 0.6931, array([0., 0.]))
    """
    profile = classical_profile(stack, source)
    hessian, force = stack.hessian(profile), 3 * (stack.quartic * profile)[..., 1:]
    propagator = np.linalg.inv(hessian)
    pushed = force * np.diagonal(propagator, axis1=-2, axis2=-1)
    shift = np.zeros_like(profile)
    shift[..., 1:] -= (propagator @ pushed[..., None])[..., 0]
    half = np.asarray(np.linalg.slogdet(hessian)[1] / 2)
    return OneLoop(profile, stack.energy(profile), half, shift, np.asarray(-stack.links[..., 0] * shift[..., 1]))
