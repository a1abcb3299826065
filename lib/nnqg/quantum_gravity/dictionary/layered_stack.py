r"""A scalar field on layers of a curved bulk: a chain of units whose weights are the metric.

With one unit a layer, k = 0 (boundary, visible) to N (innermost), every page of this book that puts a field on layers has the energy

.. math::

    E = \sum_{k=0}^{N-1} \frac{a_k}{2}(\phi_k - \phi_{k+1})^2
        + \sum_{k=0}^{N} \Big(\frac{M_k}{2}\phi_k^2 + \frac{L_k}{4}\phi_k^4\Big) .

For one momentum mode in the Euclidean metric :math:`ds^2 = f\,d\tau^2 + d\eta^2 + g\,dx^2`, on depths
:math:`\eta_k = \eta_{ini} - k\Delta` (slide "Quantum AdS/CFT in Deep Boltzmann"),

.. math:: a_k = s_{k+1/2}/\Delta, \quad M_k = \Delta\,s_k\,(q^2/g_k + \omega^2/f_k + m^2), \quad L_k = \Delta\,s_k\,\lambda,
    \quad s = \sqrt{f\,g^{d-1}} ,

with half of :math:`M_0` and :math:`L_0`, because the visible layer owns half a cell. The innermost link, at
:math:`\eta_{fin} = \eta_N - \Delta/2`, is absent: at a horizon its weight is s = 0. Derived in the page
``discussion/deep-boltzmann-holography``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import Metric

__all__ = ["LayeredStack", "bulk_stack"]


@checked
@dataclass(frozen=True)
class LayeredStack:
    r"""Couplings of the chain, or of a batch of chains with the same depths.

    Attributes
    ----------
    eta
        Depths of the layers, equidistant, the boundary first.
    links
        :math:`a_k > 0` between layers k and k + 1.
    quadratic, quartic
        :math:`M_k` (any sign) and :math:`L_k \ge 0`.

    Examples
    --------
    >>> stack = LayeredStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([0.0, 0.0]), np.array([0.0, 4.0]))
    >>> stack.step, float(stack.energy(np.array([3.0, 1.0])))  # 2/2 (3 - 1)^2 + 4/4
    (0.5, 5.0)
    """

    eta: Float[np.ndarray, " layer"]
    links: Float[np.ndarray, "*stack link"]
    quadratic: Float[np.ndarray, "*stack layer"]
    quartic: Float[np.ndarray, "*stack layer"]

    def __post_init__(self) -> None:
        layers = len(checks.array("eta", self.eta, shape=("layer",)))
        shape = checks.array("quadratic", self.quadratic).shape
        checks.array("quadratic", self.quadratic, shape=(*shape[:-1], layers))
        checks.array("quartic", self.quartic, shape=shape, minimum=0.0)
        checks.array("links", self.links, shape=(*shape[:-1], layers - 1))
        if self.links.min() <= 0:
            raise InvalidArgument("links", "positive couplings", float(self.links.min()), "end the stack where its volume vanishes")

    @property
    def step(self) -> float:
        r"""The distance :math:`\Delta` of two layers."""
        return float(self.eta[0] - self.eta[1])

    @property
    def precision(self) -> Float[np.ndarray, "*stack layer layer"]:
        r"""The matrix P of the quadratic energy, :math:`E = \frac12\phi^TP\phi` where L = 0."""
        layers = len(self.eta)
        matrix, k = self.quadratic[..., None] * np.eye(layers), np.arange(layers - 1)
        matrix[..., k, k] += self.links
        matrix[..., k + 1, k + 1] += self.links
        matrix[..., k, k + 1] = matrix[..., k + 1, k] = -self.links
        return matrix

    def potential(self, phi: Float[np.ndarray, "*field layer"]) -> Float[np.ndarray, "*field layer"]:
        r"""Return :math:`V_k(\phi_k) = \frac12M_k\phi_k^2 + \frac14L_k\phi_k^4` of each layer."""
        self._check(phi)
        return phi**2 * (self.quadratic / 2 + self.quartic / 4 * phi**2)

    def energy(self, phi: Float[np.ndarray, "*field layer"]) -> Float[np.ndarray, "*field"]:
        """Return E of one field a stack, or of many on one stack."""
        self._check(phi)
        return np.asarray(self.potential(phi).sum(-1) + (self.links * np.diff(phi) ** 2).sum(-1) / 2)

    def slope(self, phi: Float[np.ndarray, "*field layer"]) -> Float[np.ndarray, "*field layer"]:
        r"""Return :math:`\partial E/\partial\phi_k`: 0 on the hidden layers of a classical field, the response on the visible one."""
        self._check(phi)
        slope, flux = phi * (self.quadratic + self.quartic * phi**2), -self.links * np.diff(phi)
        slope[..., :-1] += flux
        slope[..., 1:] -= flux
        return slope

    def hessian(self, phi: Float[np.ndarray, "*stack layer"]) -> Float[np.ndarray, "*stack hidden hidden"]:
        """Return the second derivatives of E by the hidden layers."""
        self._check(phi)
        return self.precision[..., 1:, 1:] + (3 * self.quartic * phi**2)[..., 1:, None] * np.eye(len(self.eta) - 1)

    def roll_out(self, source: float, flux: Float[np.ndarray, "*stack"] | float) -> tuple[np.ndarray, np.ndarray]:
        r"""Run the forward network from the boundary inwards; return the fields and the flux :math:`p_N` behind the last layer.

        .. math:: \phi_{k+1} = \phi_k - p_k/a_k, \qquad p_{k+1} = p_k - V_{k+1}'(\phi_{k+1}) .

        The flux :math:`p_0` of the first link is right if :math:`p_N = 0`.

        Raises
        ------
        Diverged
            If the field overflows.

        Examples
        --------
        >>> stack = LayeredStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.zeros(2))
        >>> stack.roll_out(1.0, 1.0)
        (array([1. , 0.5]), array(0.))
        """
        checks.array("flux", p := np.array(flux, dtype=float))
        phi = [np.full(self.links.shape[:-1], checks.number("source", source))]
        with np.errstate(over="ignore", invalid="ignore"):  # an overflow is reported below
            for k in range(self.links.shape[-1]):
                phi.append(phi[-1] - p / self.links[..., k])
                p = p - phi[-1] * (self.quadratic[..., k + 1] + self.quartic[..., k + 1] * phi[-1] ** 2)
        fields = np.stack(np.broadcast_arrays(*phi), axis=-1)
        found = np.append(fields, p)
        checks.finite_result("the field", found, where="the forward network", remedy="choose the flux nearer to the regular one")
        return fields, np.asarray(p)

    def _check(self, phi: np.ndarray) -> None:
        checks.array("phi", phi)
        if phi.shape[-1:] != self.eta.shape:
            raise InvalidArgument("phi", f"{len(self.eta)} layers on its last axis", f"shape {phi.shape}", "give one field a layer")


@checked
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
) -> LayeredStack:
    r"""Put one momentum mode of a scalar field on layers: a metric becomes the weights of a machine.

    Parameters
    ----------
    space
        Takes depths, shape (depth,), and returns their `Metric`.
    d
        Dimension of the boundary, at least 2.
    eta_ini, eta_fin
        Depth of the visible layer, and where space ends; 0 is the horizon.
    layers
        Number N of hidden layers.
    m2, lam
        Mass squared and coupling of :math:`V = \frac12m^2\phi^2 + \frac\lambda4\phi^4`, with lam at least 0.
    momentum, frequency
        The wave number q and the Euclidean frequency omega of the mode.

    Examples
    --------
    >>> from nnqg.quantum_gravity.dictionary.metrics import anti_de_sitter
    >>> stack = bulk_stack(lambda eta: anti_de_sitter(eta, 4), 4, 1.0, 3, m2=-3.0)
    >>> stack.eta.round(3), stack.links.round(2)
    (array([1.   , 0.714, 0.429, 0.143]), array([107.91,  34.41,  10.98]))
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
    return LayeredStack(eta, np.sqrt(between.f * between.g ** (d - 1)) / step, quadratic, cell * lam)
