r"""Sums over all fields of a layered stack, and over all fields and all widths of its layers.

.. math:: Z[J] = \int \prod_{t\ge1} \sqrt{\frac{a_{t-1}}{2\pi\hbar}}\,d\phi_t\; e^{-E[\phi]/\hbar}, \qquad W = -\hbar \log Z, \qquad
    \text{response} = \frac{dW}{dJ}, \quad J = \phi_0,

with the energy of `LayeredStack`: every link is normalised to a probability density. In `sum_widths_and_fields` the stack has the widths
:math:`l_t` of a disc's rings, so that :math:`\log Z` is that of an average over the discs of `RandomWidths`. Neighbouring layers alone
are coupled, so both sums are products of transfer matrices, and a link is a product in Fourier space. Derived in the page
``discussion/three-steps``.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument, NotConverged
from nnqg.quantum_gravity.dictionary.layered_stack import LayeredStack
from nnqg.quantum_gravity.triangulations.random_widths import RandomWidths

__all__ = ["sum_fields", "sum_widths_and_fields"]

_FINE, _EDGE, MOST_POINTS = 0.75, 1e-10, 20_000


@checked
def sum_fields(
    stack: LayeredStack, source: float, hbar: float, half_width: float = 8.0
) -> tuple[Float[np.ndarray, "*stack"], Float[np.ndarray, "*stack"]]:
    r"""Return log Z and the response of each stack of a batch, exactly up to quadrature, from the innermost layer outwards.

    Fields between plus and minus ``half_width`` are summed, in a periodic box. The error is about the probability that a unit is
    found beyond; the innermost one spreads farthest. The stack's :math:`M_k` must not be negative.

    Raises
    ------
    NotConverged
        If the field reaches the ends of the box.

    Examples
    --------
    >>> stack = LayeredStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.zeros(2))
    >>> float(sum_fields(stack, 1.0, 0.2)[1].round(12))  # a free field responds with K_0
    2.0
    """
    source, hbar = checks.number("source", source), checks.number("hbar", hbar, above=0)
    checks.array("quadratic", stack.quadratic, minimum=0.0)
    grid, k2 = _field_grid(hbar / (stack.links.max() + stack.quadratic.max()), half_width)
    sites = stack.quadratic[..., None] * grid**2 / 2 + stack.quartic[..., None] * grid**4 / 4
    weights = np.exp(-sites[..., 1:, :] / hbar)
    inner, logs = weights[..., -1, :], np.zeros(stack.links.shape[:-1])
    for t in range(stack.links.shape[-1] - 1, 0, -1):
        link = np.exp(-hbar / (2 * stack.links[..., t, None]) * k2)
        inner = weights[..., t - 1, :] * np.fft.irfft(link * np.fft.rfft(inner), len(grid))
        top = inner.max(axis=-1)
        inner, logs = inner / top[..., None], np.asarray(logs + np.log(top))
    if abs(inner[..., 0]).max() > _EDGE:
        raise NotConverged("the integral over fields", f"weight {abs(inner[..., 0]).max():.1e} at the end", "raise `half_width`")
    log_total, flux = _at_boundary(inner[..., None, :], stack.links[..., :1], source, hbar, grid)
    m, quartic = stack.quadratic[..., 0], stack.quartic[..., 0]
    own = source**2 * (m / 2 + quartic / 4 * source**2)
    return np.asarray(logs + log_total - own / hbar), np.asarray(flux + source * (m + quartic * source**2))


@checked
def sum_widths_and_fields(
    disc: RandomWidths, source: float, hbar: float, m2: float, lam: float, half_width: float = 6.0
) -> tuple[float, float]:
    r"""Return log Z and the response on the sum of all stacks, with volumes :math:`l_t/l_0`; the geometry's own hbar is :math:`1/l_0`.

    Raises
    ------
    NotConverged
        If the field reaches the ends of the box.

    Examples
    --------
    >>> disc = RandomWidths(4, 3, 0.3, 60)
    >>> log_z, response = sum_widths_and_fields(disc, 0.0, 0.2, m2=3.0, lam=1.0)
    >>> bool(log_z < 0), bool(abs(response) < 1e-12)  # no source, no response
    (True, True)
    """
    source, hbar = checks.number("source", source), checks.number("hbar", hbar, above=0)
    checks.number("m2", m2, minimum=0)
    checks.number("lam", lam, minimum=0)
    l0, width = disc.first, np.arange(1.0, disc.largest + 1)
    links = (width[:, None] + width) / (2 * l0 * disc.spacing)  # between rings l, l'
    stiffest = links[l0 - 1, -1] + disc.spacing * m2 * disc.largest / l0
    phi, k2 = _field_grid(hbar / stiffest, half_width)
    potential = disc.spacing * (m2 / 2 * phi**2 + lam / 4 * phi**4)
    weights = np.exp(-np.outer(width / l0, potential) / hbar)  # l phi
    step = disc.steps * np.exp(-hbar * k2[:, None, None] / (2 * links))  # k l l'
    inner, log_scale = disc.closings[-1][:, None] * weights, 0.0  # l phi
    for _ in range(disc.layers - 2):
        waves = np.fft.rfft(inner).T[:, :, None]  # k l' 1
        inner = weights * np.fft.irfft((step @ waves)[:, :, 0].T, len(phi))
        top = inner.max()
        inner, log_scale = inner / top, log_scale + float(np.log(top))
    outermost = disc.steps[l0 - 1, :, None] * inner
    log_total, flux = _at_boundary(outermost, links[l0 - 1], source, hbar, phi)
    own = disc.spacing / 2 * (m2 / 2 * source**2 + lam / 4 * source**4)
    log_z = log_total + log_scale - own / hbar - np.log(disc.closings[0, l0 - 1])
    response = flux + disc.spacing / 2 * (m2 * source + lam * source**3)
    return float(log_z), float(response)


def _field_grid(variance: float, half_width: float) -> tuple[np.ndarray, np.ndarray]:
    """Equidistant fields, fine enough for units of this variance (the trapezoidal rule then errs by exp(-35)), and squared wave numbers."""
    half_width = checks.number("half_width", half_width, above=0)
    points = np.ceil(half_width / (_FINE * np.sqrt(variance)))
    if not points <= MOST_POINTS:
        raise InvalidArgument("hbar, half_width", f"a box of at most {MOST_POINTS} points", f"{points:.3g}", "raise hbar or lower m2")
    half = int(points)
    grid = half_width / half * np.arange(-half, half)  # without the right end: the box is periodic
    return grid, (2 * np.pi * np.fft.rfftfreq(2 * half, half_width / half)) ** 2


def _at_boundary(inner: np.ndarray, links: np.ndarray, source: float, hbar: float, grid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cross the first link, to the source: log of the sum over widths and fields (the last two axes), and the mean flux of the link."""
    link = links[..., None]
    joint = inner * np.sqrt(link / (2 * np.pi * hbar)) * np.exp(-link / (2 * hbar) * (source - grid) ** 2) * (grid[1] - grid[0])
    total = joint.sum(axis=(-2, -1))
    edge = (abs(joint[..., [0, -1]]).max(axis=(-2, -1)) / total).max()
    if not edge < _EDGE:
        raise NotConverged("the integral over fields", f"weight {edge:.1e} at the ends of the grid", "raise `half_width`")
    return np.asarray(np.log(total)), np.asarray((joint * link * (source - grid)).sum(axis=(-2, -1)) / total)
