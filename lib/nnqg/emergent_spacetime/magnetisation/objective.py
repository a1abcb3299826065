r"""What is minimised when a metal's M(H) trains a bulk network.

The weights are :math:`(h_1 \ldots h_N,\ m^2,\ \lambda,\ \text{boundary weights})`. Near the boundary of AdS with :math:`h = d` (units of
L) a small field falls off with two exponents, the source H and the response M,

.. math:: \phi = A\,H\,e^{-\Delta_-(\eta - 1)} + B\,M\,e^{-\Delta_+(\eta - 1)}, \qquad
    \Delta_\pm = \frac d2 \pm \sqrt{\frac{d^2}{4} + m^2 L^2} ,

where the unknown normalisations A and B absorb constants such as :math:`1/(\Delta_+ - \Delta_-)`. ``"falloffs"`` is this map from (H, M)
to :math:`(\phi, \pi = \phi')` at :math:`\eta = 1`, with the weights (A, B); ``"linear"`` is the general linear map, four weights row by
row, that public reruns use. The point then passes N Euler layers

.. math:: \phi \to \phi + \Delta\eta\,\pi, \qquad \pi \to \pi - \Delta\eta\,(h_n\pi - m^2\phi - \lambda\phi^3), \qquad \Delta\eta < 0,

and is accepted when :math:`F = \pi` at the horizon end lies in a window, output :math:`t(F)`. With labels y,

.. math:: E = \Big(\frac1D\sum_i |t(F_i) - y_i|\Big)^2 + c_{reg}\sum_n \eta_n^4 (h_{n+1} - h_n)^2 .
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime._labelled_band import checked_points
from nnqg.emergent_spacetime._training_kernels import add_roughness
from nnqg.emergent_spacetime.magnetisation import _kernels
from nnqg.errors import InvalidArgument

__all__ = ["BOUNDARY_MAPS", "FALLOFFS", "Evaluation", "Objective", "evaluate"]

BOUNDARY_MAPS = {"falloffs": 2, "linear": 4}
"""The maps and their numbers of weights."""


@checked
@dataclass(frozen=True)
class Objective:
    r"""The network and its loss.

    Parameters
    ----------
    boundary : {"falloffs", "linear"}
        The boundary map.
    penalty : float
        :math:`c_{reg}`, at least 0.
    dimension : int
        d of the falloffs, at least 2.
    layers : int
        N.
    eta_ini, eta_fin : float
        Depth of the boundary layer and of the horizon end, in units of L.
    half_width, steepness : float
        Of the window.

    Examples
    --------
    >>> Objective().depths[:2]
    array([1.  , 0.91])
    """

    boundary: str = "falloffs"
    penalty: float = 3e-3
    dimension: int = 4
    layers: int = 10
    eta_ini: float = 1.0
    eta_fin: float = 0.1
    half_width: float = 0.1
    steepness: float = 100.0

    def __post_init__(self) -> None:
        checks.option("boundary", self.boundary, tuple(BOUNDARY_MAPS))
        checks.number("penalty", self.penalty, minimum=0)
        checks.count("layers", self.layers, minimum=2)
        checks.number("eta_fin", self.eta_fin, above=0)
        checks.number("eta_ini", self.eta_ini, above=self.eta_fin)
        checks.count("dimension", self.dimension, minimum=2)
        for name in ("half_width", "steepness"):
            checks.number(name, getattr(self, name), above=0)

    @property
    def step(self) -> float:
        """Thickness of a layer, negative."""
        return (self.eta_fin - self.eta_ini) / self.layers

    @property
    def depths(self) -> Float[np.ndarray, " layer"]:
        """Where the layers start."""
        return self.eta_ini + self.step * np.arange(self.layers)

    @property
    def size(self) -> int:
        """Number of weights."""
        return self.layers + 2 + BOUNDARY_MAPS[self.boundary]

    @property
    def smooth(self) -> Float[np.ndarray, " difference"]:
        """Weight of each squared difference of h."""
        return self.penalty * self.depths[:-1] ** 4

    @property
    def lowest_m2(self) -> float:
        """The smallest mass squared that the boundary map allows."""
        return _kernels.BOUND - 0.25 * self.dimension**2 if self.boundary == "falloffs" else -np.inf

    def compiled(self) -> tuple[int, float, tuple[float, int]]:
        """Pack the map, d and the grid as the compiled loops want them."""
        return _kernels.KINDS[self.boundary], float(self.dimension), (self.step, int(self.layers))

    def checked(self, weights: np.ndarray) -> np.ndarray:
        """Return weights that fit this objective.

        Parameters
        ----------
        weights : numpy.ndarray, shape (size,)
            To be checked.
        """
        checks.array("weights", weights, shape=(self.size,))
        if weights[self.layers] < self.lowest_m2:
            raise InvalidArgument("weights", f"m2 of at least {self.lowest_m2}", weights[self.layers], "use a heavier field")
        return weights


FALLOFFS = Objective()
"""The objective of the falloff map with the paper's layers and smoothness."""


@checked
@dataclass(frozen=True)
class Evaluation:
    """The objective over a set of points.

    Attributes
    ----------
    misfit : float
        Mean of abs(t(F) - y).
    penalty : float
        The second term.
    gradient : numpy.ndarray, shape (weight,)
        Derivative of `total`.
    """

    misfit: float
    penalty: float
    gradient: Float[np.ndarray, " weight"]

    @property
    def loss(self) -> float:
        """The misfit squared."""
        return self.misfit**2

    @property
    def total(self) -> float:
        """E."""
        return self.loss + self.penalty


@checked
def evaluate(weights: Float[np.ndarray, " weight"], points: Float[np.ndarray, "3 point"], objective: Objective = FALLOFFS) -> Evaluation:
    """Evaluate the objective and its gradient, followed backwards by hand.

    Parameters
    ----------
    weights : numpy.ndarray, shape (weight,)
        h in units of 1/L, m2 in 1/L^2, lam, boundary weights.
    points : numpy.ndarray, shape (3, point)
        Rows H in tesla, M in mu_B/Mn, label.
    objective : Objective
        What is evaluated.

    Examples
    --------
    >>> evaluate(np.append(np.full(10, 4.0), [0.0, 0.0, 1.0, 1.0]), np.array([[0.0], [0.0], [1.0]])).misfit
    1.0
    """
    checked_points(points)
    weights, gradient = objective.checked(weights), np.zeros(objective.size)
    window = (float(objective.half_width), float(objective.steepness), 0.0)
    space = _kernels.workspace(objective.layers, points.shape[1])
    missed = _kernels.misfit(weights, *objective.compiled(), points, window, space, gradient)
    gradient *= 2.0 * missed
    penalty = add_roughness(weights, objective.layers, objective.smooth, gradient)
    return Evaluation(float(missed), float(penalty), gradient)
