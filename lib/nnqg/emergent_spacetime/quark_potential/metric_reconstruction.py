r"""From the friction h to the metric: f and g of a black brane, for each assumption on g.

A scalar field sees :math:`h = \frac{d}{d\eta}\log\sqrt{f\,g^{d-1}}` alone, one function for two. Write the volume as
:math:`\sqrt{f g^{d-1}} \propto v(\eta)` with :math:`v \to \eta` at the horizon, and the unknown second function as
:math:`g = g_h\,\gamma(\eta)` with :math:`\gamma(0) = 1`. Then a temperature T, :math:`f \to (2\pi T\eta)^2`, and
:math:`f/g \to 1` at the boundary fix every constant:

.. math::

    f = (2\pi T)^2\,\frac{v^2}{\gamma^{d-1}}, \qquad g_h = (2\pi T)^2\,\frac{K}{\Gamma^d}, \qquad
    v^2 \to K e^{2d\eta},\quad \gamma \to \Gamma e^{2\eta} .

Three shapes: ``exponential``, :math:`\gamma = e^{2\eta}`, and ``cosh``, :math:`\gamma = \cosh 2\eta`, are assumptions (arXiv:1809.10536).
``einstein`` needs none beyond Einstein's equations with matter that is a scalar: :math:`w = \frac12\frac{d}{d\eta}\log(f/g)` obeys
:math:`w' + hw = 0`, so :math:`w = 1/v` and :math:`\frac{d}{d\eta}\log\gamma = \frac2d(h - w)`. All lengths in units of L.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from scipy.interpolate import CubicSpline

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import Metric

__all__ = ["SHAPES", "BlackBrane", "reconstruct"]

Shape = Literal["exponential", "cosh", "einstein"]
SHAPES = ("exponential", "cosh", "einstein")

DEPTH, NODES = 6.0, 6000  # beyond this depth h is that of anti-de Sitter space to rounding


@checked
@dataclass(frozen=True)
class BlackBrane:
    r"""A reconstructed metric: call it at depths above the horizon at 0 to get a `Metric`.

    Attributes
    ----------
    h : callable
        The friction it was made from.
    d : int
        Dimension of the boundary.
    temperature : float
        T.
    horizon_warp : float
        :math:`g_h`, the value of g at the horizon.
    boundary_warp : float
        :math:`A = g_h\Gamma`, so that :math:`f, g \to A e^{2\eta}`.
    log_volume, log_shape : callable
        :math:`\log v` and :math:`\log\gamma` at depths.
    """

    h: Callable[[np.ndarray], np.ndarray]
    d: int
    temperature: float
    horizon_warp: float
    boundary_warp: float
    log_volume: Callable[[np.ndarray], np.ndarray]
    log_shape: Callable[[np.ndarray], np.ndarray]

    def __call__(self, eta: Float[np.ndarray, " depth"]) -> Metric:
        """Return the metric at depths above the horizon."""
        checks.array("eta", eta, shape=("depth",))
        if eta.min() <= 0:
            raise InvalidArgument("eta", "depths above the horizon at 0", float(eta.min()), "stop the grid before the horizon")
        shape = self.log_shape(eta)
        f = (2 * np.pi * self.temperature) ** 2 * np.exp(2 * self.log_volume(eta) - (self.d - 1) * shape)
        return Metric(eta, f, self.horizon_warp * np.exp(shape), self.h(eta))


@checked
def reconstruct(h: Callable[[np.ndarray], np.ndarray], shape: Shape, temperature: float, d: int = 4) -> BlackBrane:
    r"""Metric of a black brane with the friction h, temperature T and one assumption on g.

    h must tend to :math:`1/\eta` at the horizon 0 and to d, the dimension of the boundary, within 6 radii; T is in units of 1/length.

    Examples
    --------
    >>> brane = reconstruct(lambda eta: 4 / np.tanh(4 * eta), "einstein", 1 / np.pi)
    >>> round(brane.horizon_warp, 9), brane(np.array([0.5])).g.round(6), np.cosh(1.0).round(6)
    (1.0, array([1.543081]), np.float64(1.543081))
    """
    checks.option("shape", shape, SHAPES)
    temperature = checks.number("temperature", temperature, above=0)
    d = checks.count("d", d, minimum=2)
    nodes, excess = _excess(h, d)
    integral = CubicSpline(nodes, excess).antiderivative()
    start = float(integral(0.0))

    def growth(eta: np.ndarray) -> np.ndarray:
        return integral(np.minimum(eta, DEPTH)) - start

    def log_volume(eta: np.ndarray) -> np.ndarray:
        return d * eta + np.log(-np.expm1(-2 * d * eta) / (2 * d)) + growth(eta)

    log_shape, log_shape_constant = _shape(shape, d, nodes, excess, growth)
    log_k = 2 * (float(growth(np.array([DEPTH]))[0]) - np.log(2 * d))
    horizon_warp = float((2 * np.pi * temperature) ** 2 * np.exp(log_k - d * log_shape_constant))
    boundary_warp = float(horizon_warp * np.exp(log_shape_constant))
    return BlackBrane(h, d, temperature, horizon_warp, boundary_warp, log_volume, log_shape)


def _excess(h: Callable[[np.ndarray], np.ndarray], d: int) -> tuple[np.ndarray, np.ndarray]:
    """Return depths and h minus that of AdS-Schwarzschild there: finite at the horizon, zero at the boundary."""
    if not callable(h):
        raise InvalidArgument("h", "a function of the depth", type(h).__name__, "pass a function that takes an array")
    nodes = DEPTH * np.linspace(0, 1, NODES + 1)[1:] ** 2  # closer together near the horizon
    excess = checks.array("h(eta)", h(nodes), shape=(NODES,)) - d / np.tanh(d * nodes)
    residue = 1 + float(excess[0] * nodes[0])
    if abs(residue - 1) > 1e-3:
        raise InvalidArgument("h", "a pole 1/eta at the horizon 0", f"eta h = {residue:.4g}", "shift the depth, or continue h to a pole")
    if abs(excess[-1]) > 1e-6:
        raise InvalidArgument("h", f"h -> {d} at the boundary", float(h(nodes)[-1]), "continue h to the value of anti-de Sitter space")
    return nodes, excess


def _shape(shape: str, d: int, nodes: np.ndarray, excess: np.ndarray, growth: Callable) -> tuple[Callable, float]:
    """Return log gamma as a function, and the limit of log gamma - 2 eta."""
    if shape == "exponential":
        return (lambda eta: 2 * eta), 0.0
    if shape == "cosh":
        return (lambda eta: 2 * eta + np.log1p(np.exp(-4 * eta)) - np.log(2)), -np.log(2)
    change = d * np.expm1(-growth(nodes)) / np.sinh(d * nodes)  # 1/v minus that of AdS-Schwarzschild
    integral = CubicSpline(nodes, 2 / d * (excess - change)).antiderivative()
    start = float(integral(0.0))

    def log_shape(eta: np.ndarray) -> np.ndarray:
        black_hole = 2 * eta + 4 / d * (np.log1p(np.exp(-d * eta)) - np.log(2))  # cosh(d eta / 2)^(4/d)
        return black_hole + integral(np.minimum(eta, DEPTH)) - start

    return log_shape, float(integral(DEPTH)) - start - 4 / d * np.log(2)
