r"""Field and geometry summed together: a Boltzmann machine whose layer widths are random units of their own.

.. math::

    Z[J] = \Big\langle \int \prod_t d\phi_t\; e^{-S[\phi;\, l] / \hbar} \Big\rangle_{l}

with the action of `nnqg.discussion.three_steps.layered_field` and the average over the discs of
`nnqg.quantum_gravity.triangulations.random_widths`. Neighbouring layers alone are coupled, so the sum over all widths and the integral over
all fields are one product of transfer matrices in :math:`(l, \phi)`."""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.discussion.three_steps.layered_field import quadrature_grid
from nnqg.errors import NotConverged
from nnqg.quantum_gravity.triangulations.random_widths import RandomWidths

__all__ = ["summed_field"]

_EDGE = 1e-10


def summed_field(disc: RandomWidths, source: float, hbar: float, m2: float, lam: float, half_width: float = 6.0) -> tuple[float, float]:
    r"""Return log Z and the response dW/dJ of the field on the sum of all stacks.

    Parameters
    ----------
    disc : RandomWidths
        The random widths.
    source : float
        The field J on the outermost ring.
    hbar : float
        Planck's constant of the field, positive; that of the geometry is 1 / ``disc.first``.
    m2, lam : float
        Mass squared and quartic coupling, at least 0.
    half_width : float
        Fields between plus and minus this value are summed.

    Returns
    -------
    tuple of float
        :math:`\log Z[J]` and :math:`dW/dJ` with :math:`W = -\hbar \log Z`.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.
    NotConverged
        If the field reaches the ends of the grid.

    Examples
    --------
    >>> disc = RandomWidths(4, 3, 0.3, 60)
    >>> log_z, response = summed_field(disc, 0.0, 0.2, m2=3.0, lam=1.0)
    >>> bool(log_z < 0), bool(abs(response) < 1e-12)  # no source, no response
    (True, True)

    Notes
    -----
    Used in the page ``discussion/three-steps``.
    """
    source, hbar = checks.number("source", source), checks.number("hbar", hbar, above=0)
    m2, lam = checks.number("m2", m2, minimum=0), checks.number("lam", lam, minimum=0)
    width = np.arange(1.0, disc.largest + 1)
    links = (width[:, None] + width) / (2 * disc.first)
    grid = quadrature_grid(np.sqrt(hbar * disc.spacing / (0.5 + disc.largest / (2 * disc.first))), half_width)
    own = disc.spacing * grid**2 * (m2 / 2 + lam / 4 * grid**2)
    weights = np.exp(-np.outer(width / disc.first, own) / hbar)
    inner, log_scale = _inward(disc, links, weights, grid, hbar)
    link = links[disc.first - 1, :, None] / disc.spacing
    density = np.sqrt(link / (2 * np.pi * hbar)) * np.exp(-link / (2 * hbar) * (source - grid) ** 2) * (grid[1] - grid[0])
    joint = disc.steps[disc.first - 1, :, None] * density * inner
    edge = joint[:, [0, -1]].max() / joint.sum()
    if not edge < _EDGE:
        raise NotConverged("the integral over fields", f"weight {edge:.1e} at the ends of the grid", "raise `half_width`")
    log_z = np.log(joint.sum()) + log_scale - disc.spacing / 2 * source**2 * (m2 / 2 + lam / 4 * source**2) / hbar
    response = (joint * link * (source - grid)).sum() / joint.sum() + disc.spacing / 2 * source * (m2 + lam * source**2)
    return float(log_z - np.log(disc.closings[0, disc.first - 1])), float(response)


def _inward(
    disc: RandomWidths, links: np.ndarray, weights: np.ndarray, grid: np.ndarray, hbar: float
) -> tuple[Float[np.ndarray, "width grid"], float]:
    """Sum over all that lies inside of ring 1, by its width and field: each step is a product in Fourier space."""
    k2 = (2 * np.pi * np.fft.rfftfreq(len(grid), grid[1] - grid[0])) ** 2
    step = disc.steps * np.exp(-hbar * disc.spacing / 2 * k2[:, None, None] / links)  # k l l'
    inner, log_scale = disc.closings[-1][:, None] * weights, 0.0
    for _ in range(disc.layers - 2):
        waves = np.fft.rfft(inner).T[:, :, None]  # k l' 1
        inner = weights * np.fft.irfft((step @ waves)[:, :, 0].T, len(grid))
        top = inner.max()
        inner, log_scale = inner / top, log_scale + float(np.log(top))
    return inner, log_scale
