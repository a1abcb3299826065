r"""The published classification problem for the chiral condensate, number by number (arXiv:1809.10536 and its public code).

Six lattice points :math:`(m_q, \langle\bar q q\rangle)` become 20000 labelled ones: a cubic is fitted to the six, points are
drawn uniformly from a box, and a point is true (label 0) when it lies within :math:`|\mathcal N(0, 0.004)|` GeV^3 of the cubic,
false (label 1) otherwise. Derived on the page emergent-spacetime/learning-from-lattice-qcd.
"""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime._labelled_band import draw_band
from nnqg.errors import InvalidArgument

__all__ = ["PUBLISHED", "PUBLISHED_TOTAL", "SOURCE_SCALE", "VEV_SCALE", "LabelledData", "Objective", "augment", "fit_curve"]

SOURCE_SCALE = math.sqrt(3.0) / (2.0 * math.pi)
"""alpha = SOURCE_SCALE m_q L (three colours)."""

VEV_SCALE = math.pi / math.sqrt(3.0)
"""beta = VEV_SCALE <qbar q> L^3 (three colours)."""


LATTICE = {"mass": "a light quark's mass"} | dict.fromkeys(("condensate", "error", "guess", "noise"), "a condensate")
LATTICE |= {"mass_range": LATTICE["mass"], "condensate_range": "a condensate"}
"""What has a unit among the arguments of everything that looks at lattice data: GeV and GeV^3."""


@checked
@dataclass(frozen=True)
class Objective:
    r"""What the published training minimises: :math:`(\overline{|t(F) - y|})^2` plus a penalty on h.

    .. math::
        t(F) = 1 + \tfrac12\tanh\frac{F - \epsilon}{\delta} - \tfrac12\tanh\frac{F + \epsilon}{\delta}, \qquad
        P = c_0 (d - h_0)^2 + c \sum_{n=1}^{N-1} \eta_{n-1}^4 (h_n - h_{n-1})^2 .

    Attributes
    ----------
    layers : int
        N, the number of Euler steps.
    eta_ini, eta_fin : float
        From the boundary to the horizon, in units of the AdS radius. The boundary map is written for eta_ini = 1 alone.
    dimension : int
        d of the boundary, to which h tends in anti-de Sitter space. The boundary map is written for 4 alone.
    m2 : float
        Of the bulk field, in units of 1/L^2. The boundary map is written for -3 alone: its powers are 1 and 3.
    half_width, edge : float
        epsilon and delta: a point is called true when the field's momentum at the horizon is below epsilon.
    boundary_weight, smoothness : float
        c_0 and c.

    """

    layers: int = 15
    eta_ini: float = 1.0
    eta_fin: float = 1.0 / 15.0
    dimension: int = 4
    m2: float = -3.0
    half_width: float = 0.1
    edge: float = 0.01
    boundary_weight: float = 0.01
    smoothness: float = 0.01

    def __post_init__(self) -> None:
        checks.count("layers", self.layers, minimum=2)
        checks.count("dimension", self.dimension)
        checks.number("eta_fin", self.eta_fin, above=0)
        checks.number("eta_ini", self.eta_ini, above=self.eta_fin)
        checks.number("m2", self.m2)
        for name, only in (("eta_ini", 1.0), ("dimension", 4), ("m2", -3.0)):
            if getattr(self, name) != only:
                raise InvalidArgument(name, f"{only}, as in the boundary map", getattr(self, name), f"leave {name} at {only}")
        for name in ("half_width", "edge"):
            checks.number(name, getattr(self, name), above=0)
        for name in ("boundary_weight", "smoothness"):
            checks.number(name, getattr(self, name), minimum=0)

    @property
    def step(self) -> float:
        """Layer thickness, negative: the network runs from the boundary inwards."""
        return (self.eta_fin - self.eta_ini) / self.layers

    @property
    def eta(self) -> Float[np.ndarray, " layer"]:
        """Where each layer starts: eta_n = eta_ini + n step."""
        return self.eta_ini + self.step * np.arange(self.layers)

    @property
    def smoothness_weights(self) -> Float[np.ndarray, " difference"]:
        """Weight of each (h_n - h_{n-1})^2."""
        return self.smoothness * self.eta[:-1] ** 4


PUBLISHED = Objective()
"""The objective of the public code."""

PUBLISHED_TOTAL = 0.0735
"""What PUBLISHED gives for the solution stored with the public code, over 20000 labelled points: at most this much is solved."""


@checked(quantities=LATTICE)
@dataclass(frozen=True)
class LabelledData:
    """Points in the plane of quark mass and condensate with a label: 0 on the lattice curve, 1 off it.

    Masses are in GeV, condensates in GeV^3, labels 0.0 or 1.0.
    """

    mass: Float[np.ndarray, " point"]
    condensate: Float[np.ndarray, " point"]
    label: Float[np.ndarray, " point"]

    def __post_init__(self) -> None:
        for name in ("mass", "condensate", "label"):
            checks.array(name, getattr(self, name), shape=("point",) if name == "mass" else self.mass.shape)
        if not np.isin(self.label, (0.0, 1.0)).all():
            raise InvalidArgument("label", "entries 0.0 (true) or 1.0 (false)", np.unique(self.label)[:5], "label each point 0.0 or 1.0")


@checked(quantities=LATTICE)
def fit_curve(mass: Float[np.ndarray, " data"], condensate: Float[np.ndarray, " data"], degree: int = 3) -> np.polynomial.Polynomial:
    """Least-squares polynomial through the lattice points: degree 3 in the public code; 5, as in the paper's appendix A, hits all six.

    Examples
    --------
    >>> x = np.array([0.0, 0.01, 0.02, 0.03])
    >>> round(float(fit_curve(x, 2 * x - x**3)(0.015)), 9)
    0.029996625
    """
    checks.array("mass", mass, shape=("data",))
    checks.array("condensate", condensate, shape=mass.shape)
    checks.count("degree", degree, minimum=0, maximum=len(np.unique(mass)) - 1)
    return np.polynomial.Polynomial.fit(mass, condensate, degree)


@checked(quantities=LATTICE)
def augment(
    curve: np.polynomial.Polynomial,
    rng: np.random.Generator,
    *,
    each: int = 10_000,
    noise: float = 0.004,
    mass_range: tuple[float, float] = (0.0, 0.022),
    condensate_range: tuple[float, float] = (0.0, 0.11),
) -> LabelledData:
    """Draw labelled points around a curve: uniform in a box, true when ``|condensate - curve(mass)| < |N(0, noise)|``.

    First come ``each`` true points, then as many false ones; noise and box are in GeV and GeV^3.

    Examples
    --------
    >>> line = np.polynomial.Polynomial([0.0, 5.0])
    >>> augment(line, np.random.default_rng(1), each=3).label
    array([0., 0., 0., 1., 1., 1.])
    """
    box = {"mass_range": mass_range, "condensate_range": condensate_range}
    return LabelledData(*draw_band(curve, rng, each, noise, box))
