r"""One scalar field on a stack of layers: classical as a feed-forward network, quantum as a Boltzmann machine.

The stack has one unit a layer, :math:`\phi_t`, and its weights are volumes: :math:`s_t` of layer t and :math:`s_{t+1/2}` between two
layers. The action is

.. math::

    S = \sum_t \frac{s_{t+1/2}}{2\Delta} (\phi_{t+1} - \phi_t)^2 + \Delta \sum_t{}' s_t V(\phi_t), \qquad
    V = \tfrac12 m^2\phi^2 + \tfrac\lambda4\phi^4 ,

where the prime halves the layer t = 0. There the field is held at the source J. The machine is :math:`Z[J] = \int \prod_t d\phi_t\,
e^{-S/\hbar}`, with every link normalised to a probability density, :math:`W = -\hbar\log Z`, and the response is :math:`dW/dJ`.
Several stacks run as a batch."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["LayeredField", "quadrature_grid", "widths_to_weights"]

Stacks = Float[np.ndarray, "..."]
Values = Stacks | float
_FINE, _EDGE = 0.75, 1e-10


def widths_to_weights(widths: Stacks) -> tuple[Stacks, Stacks]:
    """Return the volumes of layers and links of stacks from the widths of their rings: relative to the first, and means of two.

    Parameters
    ----------
    widths : numpy.ndarray, shape (..., layer)
        Widths of the rings, at least 0, the first one positive.

    Returns
    -------
    tuple of numpy.ndarray
        Volumes of the layers, shape (..., layer), and of the links, shape (..., layer - 1).

    Raises
    ------
    InvalidArgument
        If a width is negative or not a float, or if a first one is 0.

    Examples
    --------
    >>> widths_to_weights(np.array([4.0, 2.0]))
    (array([1. , 0.5]), array([0.75]))

    Notes
    -----
    Used in the page ``discussion/three-steps``.
    """
    checks.array("widths", widths, minimum=0)
    if not widths[..., 0].all():
        raise InvalidArgument("widths", "a first ring with vertices", "width 0", "start at a ring that is not closed")
    layers = widths / widths[..., :1]
    return layers, (layers[..., 1:] + layers[..., :-1]) / 2


def quadrature_grid(narrowest: float, half_width: float) -> Float[np.ndarray, " grid"]:
    """Return field values for the trapezoidal rule, fine enough for Gaussians of the given width: its error is then about exp(-35).

    Parameters
    ----------
    narrowest : float
        Standard deviation of the narrowest Gaussian, positive.
    half_width : float
        The grid covers this far to either side of 0.

    Returns
    -------
    numpy.ndarray, shape (grid,)
        Equidistant values, an even number of them, without the right end (the box is periodic).

    Raises
    ------
    InvalidArgument
        If an argument is not positive.

    Examples
    --------
    >>> quadrature_grid(1.0, 1.5)
    array([-1.5 , -0.75,  0.  ,  0.75])
    """
    narrowest = checks.number("narrowest", narrowest, above=0)
    half_width = checks.number("half_width", half_width, above=0)
    half = int(np.ceil(half_width / (_FINE * narrowest)))
    return half_width / half * np.arange(-half, half)


@dataclass(frozen=True)
class LayeredField:
    """The field on one stack or on a batch of stacks.

    Parameters
    ----------
    layers : numpy.ndarray, shape (..., layer)
        Volumes of the layers, positive, 1 in the first.
    links : numpy.ndarray, shape (..., layer - 1)
        Volumes between the layers, positive.
    spacing : float
        Distance of two layers, positive.
    m2, lam : float
        Mass squared (at least 0, so that the action is convex) and quartic coupling (at least 0).

    Raises
    ------
    InvalidArgument
        If an argument is out of range or the shapes do not fit.

    Examples
    --------
    >>> field = LayeredField(np.array([1.0, 0.5]), np.array([0.75]), 0.1, m2=3.0, lam=0.0)
    >>> bool(abs(field.classical_response(2.0) / field.classical_response(1.0) - 2) < 1e-12)  # a free field responds linearly
    True

    Notes
    -----
    Derived in the page ``discussion/three-steps``.
    """

    layers: Stacks
    links: Stacks
    spacing: float
    m2: float
    lam: float

    def __post_init__(self) -> None:
        checks.array("layers", self.layers)
        checks.array("links", self.links)
        if self.layers.min() <= 0 or self.links.min() <= 0:
            raise InvalidArgument("layers, links", "positive volumes", min(self.layers.min(), self.links.min()), "leave closed layers out")
        if self.links.shape != self.layers.shape[:-1] + (self.layers.shape[-1] - 1,):
            raise InvalidArgument("links", "one entry fewer than layers", self.links.shape, "give the volume between two layers")
        checks.number("spacing", self.spacing, above=0)
        checks.number("m2", self.m2, minimum=0)
        checks.number("lam", self.lam, minimum=0)

    def potential(self, phi: Values) -> Values:
        r"""Return V.

        Parameters
        ----------
        phi : numpy.ndarray or float
            Field values.

        Returns
        -------
        numpy.ndarray or float
            Of the same shape.
        """
        return phi**2 * (self.m2 / 2 + self.lam / 4 * phi**2)

    def force(self, phi: Values) -> Values:
        r"""Return dV/dphi.

        Parameters
        ----------
        phi : numpy.ndarray or float
            Field values.

        Returns
        -------
        numpy.ndarray or float
            Of the same shape.
        """
        return phi * (self.m2 + self.lam * phi**2)

    def action(self, phi: Stacks) -> Stacks:
        """Return S, the boundary term of layer 0 halved.

        Parameters
        ----------
        phi : numpy.ndarray, shape (..., layer)
            The field on all layers.

        Returns
        -------
        numpy.ndarray, shape (...)
            The action on each stack.

        Raises
        ------
        InvalidArgument
            If there is not one finite value for each layer of each stack.
        """
        checks.array("phi", phi, shape=self.layers.shape)
        kinetic = (self.links * np.diff(phi, axis=-1) ** 2).sum(axis=-1) / (2 * self.spacing)
        potential = self.spacing * self.layers * self.potential(phi)
        return np.asarray(kinetic + potential.sum(axis=-1) - potential[..., 0] / 2)

    def roll_out(self, source: float, response: Values) -> tuple[Stacks, Stacks]:
        r"""Run the feed-forward network: a drift and a kick a layer, from the boundary inwards.

        .. math:: \phi_{t+1} = \phi_t - \Delta\, P_t / s_{t+1/2}, \qquad P_{t+1} = P_t - \Delta\, s_{t+1} V'(\phi_{t+1}) .

        Parameters
        ----------
        source : float
            The field J of layer 0.
        response : numpy.ndarray, shape (...), or float
            The response dS/dJ, one for each stack; half a kick turns it into the momentum of the first link.

        Returns
        -------
        tuple of numpy.ndarray
            Fields, shape (..., layer), and the momentum that is left behind the last layer, shape (...).
            On the classical solution that momentum is 0.
        """
        phi = [np.full(self.layers.shape[:-1], float(source))]
        momentum = response - self.spacing / 2 * self.layers[..., 0] * self.force(phi[0])
        for t in range(self.links.shape[-1]):
            phi.append(phi[-1] - self.spacing * momentum / self.links[..., t])
            momentum = momentum - self.spacing * self.layers[..., t + 1] * self.force(phi[-1])
        return np.stack(phi, axis=-1), np.asarray(momentum)

    def saddle(self, source: float) -> Stacks:
        """Return the classical field: the minimum of the action by Newton's method, which converges because the action is convex.

        Parameters
        ----------
        source : float
            The field J of layer 0.

        Returns
        -------
        numpy.ndarray, shape (..., layer)
            The field, J included.

        Raises
        ------
        NotConverged
            If 60 steps are not enough.
        """
        source = checks.number("source", source)
        phi = np.full(self.layers.shape, source)
        for _ in range(60):
            slope = self._slope(phi)[..., 1:]
            step = np.linalg.solve(self._hessian(phi), slope[..., None])[..., 0]
            phi[..., 1:] -= step
            if abs(step).max() <= 1e-13 * (1 + abs(source)):
                return phi
        raise NotConverged("Newton's method", f"last step {abs(step).max():.1e}", "use a smaller source")

    def classical_response(self, source: float) -> Stacks:
        """Return dS/dJ of the classical field.

        Parameters
        ----------
        source : float
            The field J of layer 0.

        Returns
        -------
        numpy.ndarray, shape (...)
            The response of each stack.
        """
        return np.asarray(self._slope(self.saddle(source))[..., 0])

    def one_loop(self, source: float) -> Stacks:
        r"""Return the coefficient of :math:`\hbar` in the response: :math:`\frac12 \frac{d}{dJ} \log\det S''` on the classical field.

        Parameters
        ----------
        source : float
            The field J of layer 0.

        Returns
        -------
        numpy.ndarray, shape (...)
            One number for each stack.
        """
        phi = self.saddle(source)
        propagator = np.linalg.inv(self._hessian(phi))
        shift = propagator[..., 0] * self.links[..., :1] / self.spacing  # d phi_t / dJ
        third = 6 * self.lam * self.spacing * self.layers[..., 1:] * phi[..., 1:]
        return np.asarray((np.diagonal(propagator, axis1=-2, axis2=-1) * third * shift).sum(axis=-1) / 2)

    def quantum(self, source: float, hbar: float, half_width: float = 8.0) -> tuple[Stacks, Stacks]:
        r"""Integrate over all fields, exactly up to quadrature, by transfer matrices from the innermost layer outwards.

        Parameters
        ----------
        source : float
            The field J of layer 0.
        hbar : float
            Planck's constant, positive.
        half_width : float
            Fields between plus and minus this value are summed, in a periodic box. The error is about the probability that a unit is
            found beyond; the innermost one spreads farthest.

        Returns
        -------
        tuple of numpy.ndarray
            log Z and the response dW/dJ of each stack, shape (...).

        Raises
        ------
        NotConverged
            If the field reaches the ends of the grid.
        """
        source, hbar = checks.number("source", source), checks.number("hbar", hbar, above=0)
        grid = quadrature_grid(np.sqrt(hbar * self.spacing / max(1.0, self.links.max())), half_width)
        k2 = (2 * np.pi * np.fft.rfftfreq(len(grid), grid[1] - grid[0])) ** 2
        weights = np.exp(-self.spacing / hbar * self.layers[..., 1:, None] * self.potential(grid))
        inner, logs = weights[..., -1, :], np.zeros(self.layers.shape[:-1])
        for t in range(self.links.shape[-1] - 1, 0, -1):
            spread = np.exp(-hbar * self.spacing / (2 * self.links[..., t, None]) * k2)
            inner = weights[..., t - 1, :] * np.fft.irfft(spread * np.fft.rfft(inner), len(grid))
            top = inner.max(axis=-1)
            inner, logs = inner / top[..., None], np.asarray(logs + np.log(top))
        return self._at_boundary(source, hbar, grid, inner, logs)

    def _at_boundary(self, source: float, hbar: float, grid: np.ndarray, inner: Stacks, logs: Stacks) -> tuple[Stacks, Stacks]:
        link = self.links[..., :1] / self.spacing
        weights = inner * np.exp(-link / (2 * hbar) * (source - grid) ** 2)
        total = weights.sum(axis=-1)
        edge = (abs(weights[..., [0, -1]]).max(axis=-1) / total).max()
        if not edge < _EDGE or abs(inner[..., 0]).max() > _EDGE:
            raise NotConverged("the integral over fields", f"weight {edge:.1e} at the ends of the grid", "raise `half_width`")
        density = np.sqrt(link[..., 0] / (2 * np.pi * hbar)) * (grid[1] - grid[0])
        own = self.spacing / 2 * self.layers[..., 0]
        response = (weights * link * (source - grid)).sum(axis=-1) / total + own * self.force(source)
        return np.asarray(logs + np.log(total * density) - own * self.potential(source) / hbar), np.asarray(response)

    def _slope(self, phi: Stacks) -> Stacks:
        """dS/dphi_t for all layers, the boundary included."""
        flow = self.links * np.diff(phi, axis=-1) / self.spacing
        slope = self.spacing * self.layers * self.force(phi)
        slope[..., 0] /= 2
        slope[..., :-1] -= flow
        slope[..., 1:] += flow
        return slope

    def _hessian(self, phi: Stacks) -> Stacks:
        """Second derivatives of S by the fields inside the boundary."""
        link = self.links / self.spacing
        diagonal = self.spacing * self.layers[..., 1:] * (self.m2 + 3 * self.lam * phi[..., 1:] ** 2) + link
        diagonal[..., :-1] += link[..., 1:]
        size = diagonal.shape[-1]
        matrix = diagonal[..., None] * np.eye(size)
        rows = np.arange(size - 1)
        matrix[..., rows, rows + 1] = matrix[..., rows + 1, rows] = -link[..., 1:]
        return matrix
