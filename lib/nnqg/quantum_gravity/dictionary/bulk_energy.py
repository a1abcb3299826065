r"""The energy of a deep Boltzmann machine whose layers are the depths of a curved bulk (slide "Quantum AdS/CFT in Deep Boltzmann").

One momentum mode of a scalar field in the Euclidean metric :math:`ds^2 = f\,d\tau^2 + d\eta^2 + g\,dx^2`, on depths
:math:`\eta_k = \eta_{ini} - k\Delta`, k = 0 (visible) to N (deepest hidden layer), has the discretised action

.. math::

    E = \sum_{k=0}^{N-1} \frac{a_k}{2}(\phi_k - \phi_{k+1})^2
        + \sum_{k=0}^{N} \Big(\frac{M_k}{2}\phi_k^2 + \frac{L_k}{4}\phi_k^4\Big), \qquad s = \sqrt{f\,g^{d-1}},

.. math:: a_k = s_{k+1/2}/\Delta, \quad M_k = \Delta\,s_k\,(q^2/g_k + \omega^2/f_k + m^2), \quad L_k = \Delta\,s_k\,\lambda ,

with half of :math:`M_0` and :math:`L_0`, because the visible layer owns half a cell. The innermost link, at
:math:`\eta_{fin} = \eta_N - \Delta/2`, is absent: at a horizon its weight is s = 0.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import Metric

__all__ = ["BulkStack", "bulk_stack", "energy", "energy_slope"]


@dataclass(frozen=True)
class BulkStack:
    r"""Couplings of the machine: one unit a layer, N links.

    Attributes
    ----------
    eta : numpy.ndarray, shape (layer,)
        Depths of the layers, the visible one first.
    links : numpy.ndarray, shape (link,)
        :math:`a_k > 0` between layers k and k + 1; one fewer than layers.
    quadratic, quartic : numpy.ndarray, shape (layer,)
        :math:`M_k` (any sign) and :math:`L_k \ge 0`.

    Raises
    ------
    InvalidArgument
        If the shapes do not fit, a link is not positive or a quartic coupling negative.

    Examples
    --------
    >>> BulkStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([0.1, 0.2]), np.zeros(2)).step
    0.5
    """

    eta: Float[np.ndarray, " layer"]
    links: Float[np.ndarray, " link"]
    quadratic: Float[np.ndarray, " layer"]
    quartic: Float[np.ndarray, " layer"]

    def __post_init__(self) -> None:
        layers = len(checks.array("eta", self.eta, shape=("layer",)))
        checks.array("links", self.links, shape=(layers - 1,))
        if self.links.min() <= 0:
            raise InvalidArgument("links", "positive couplings", float(self.links.min()), "end the stack at the horizon")
        checks.array("quadratic", self.quadratic, shape=(layers,))
        checks.array("quartic", self.quartic, shape=(layers,), minimum=0.0)

    @property
    def step(self) -> float:
        r"""The distance :math:`\Delta` of two layers."""
        return float(self.eta[0] - self.eta[1])


def bulk_stack(
    space: Callable[[np.ndarray], Metric],
    d: int,
    eta_ini: float,
    layers: int,
    *,
    m2: float,
    lam: float = 0.0,
    momentum: float = 0.0,
    frequency: float = 0.0,
    eta_fin: float = 0.0,
) -> BulkStack:
    r"""Put one momentum mode of a scalar field on layers: a metric becomes the weights of a machine.

    Parameters
    ----------
    space : callable
        Takes depths, shape (depth,), and returns their `Metric`.
    d : int
        Dimension of the boundary, at least 2.
    eta_ini : float
        Depth of the visible layer.
    layers : int
        Number N of hidden layers, at least 1.
    m2, lam : float
        Mass squared and coupling of :math:`V = \frac12m^2\phi^2 + \frac\lambda4\phi^4`, with lam at least 0.
    momentum, frequency : float
        The wave number q and the Euclidean frequency omega of the mode.
    eta_fin : float
        Where space ends, below ``eta_ini``; 0 is the horizon.

    Returns
    -------
    BulkStack
        With layers + 1 units.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.

    Examples
    --------
    >>> from nnqg.quantum_gravity.dictionary.metrics import anti_de_sitter
    >>> stack = bulk_stack(lambda eta: anti_de_sitter(eta, 4), 4, 1.0, 3, m2=-3.0)
    >>> stack.eta.round(3), stack.links.round(2)
    (array([1.   , 0.714, 0.429, 0.143]), array([107.91,  34.41,  10.98]))

    Notes
    -----
    Derived in the page ``discussion/deep-boltzmann-holography``.
    """
    d, layers = checks.count("d", d, minimum=2), checks.count("layers", layers)
    for name, value in (("m2", m2), ("momentum", momentum), ("frequency", frequency)):
        checks.number(name, value)
    lam = checks.number("lam", lam, minimum=0)
    length = checks.number("eta_ini", eta_ini) - checks.number("eta_fin", eta_fin, below=eta_ini)
    step = length / (layers + 0.5)
    eta = eta_ini - step * np.arange(layers + 1)
    at, between = space(eta), space(eta[:-1] - step / 2)
    cell = step * np.sqrt(at.f * at.g ** (d - 1))
    cell[0] /= 2
    quadratic = cell * (momentum**2 / at.g + frequency**2 / at.f + m2)
    return BulkStack(eta, np.sqrt(between.f * between.g ** (d - 1)) / step, quadratic, cell * lam)


def energy(stack: BulkStack, phi: Float[np.ndarray, "*chain layer"]) -> Float[np.ndarray, "*chain"]:
    r"""Return E of the module's first equation.

    Parameters
    ----------
    stack : BulkStack
        The couplings.
    phi : numpy.ndarray, shape (..., layer)
        Fields, the visible unit first.

    Returns
    -------
    numpy.ndarray, shape (...)
        Energies.

    Raises
    ------
    InvalidArgument
        If the fields do not fit the stack.

    Examples
    --------
    >>> stack = BulkStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([0.0, 0.0]), np.array([0.0, 4.0]))
    >>> float(energy(stack, np.array([3.0, 1.0])))  # 2/2 (3 - 1)^2 + 4/4
    5.0
    """
    _check_fields(stack, phi)
    sites = stack.quadratic * phi**2 / 2 + stack.quartic * phi**4 / 4
    return np.asarray(sites.sum(-1) + (stack.links * (phi[..., :-1] - phi[..., 1:]) ** 2).sum(-1) / 2)


def energy_slope(stack: BulkStack, phi: Float[np.ndarray, "*chain layer"]) -> Float[np.ndarray, "*chain layer"]:
    r"""Return :math:`\partial E/\partial\phi_k`, which vanishes on hidden layers when the discrete field equation holds.

    Parameters
    ----------
    stack : BulkStack
        The couplings.
    phi : numpy.ndarray, shape (..., layer)
        Fields.

    Returns
    -------
    numpy.ndarray, shape (..., layer)
        The gradient.

    Raises
    ------
    InvalidArgument
        If the fields do not fit the stack.

    Examples
    --------
    >>> stack = BulkStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([0.0, 0.0]), np.array([0.0, 4.0]))
    >>> energy_slope(stack, np.array([3.0, 1.0]))
    array([4., 0.])
    """
    _check_fields(stack, phi)
    slope = stack.quadratic * phi + stack.quartic * phi**3
    flux = stack.links * (phi[..., :-1] - phi[..., 1:])
    slope[..., :-1] += flux
    slope[..., 1:] -= flux
    return slope


def _check_fields(stack: BulkStack, phi: np.ndarray) -> None:
    checks.array("phi", phi)
    if phi.shape[-1:] != stack.eta.shape:
        raise InvalidArgument("phi", f"{len(stack.eta)} layers on its last axis", f"shape {phi.shape}", "give one field a layer")
