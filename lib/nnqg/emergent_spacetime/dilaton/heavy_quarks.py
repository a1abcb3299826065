r"""What lattice physicists read off a static potential: Sommer's scale.

The distance :math:`r_0` with :math:`r_0^2\,V'(r_0) = 1.65` (arXiv:hep-lat/9310022). A holographic string gives
:math:`2\pi\alpha'V/L^2`, and the number :math:`L^2/\alpha'` is not known to classical gravity: it is an input. Page
``emergent-spacetime/dilaton-potential``.
"""

import numpy as np

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.dilaton._log_spline import upward_zeros
from nnqg.emergent_spacetime.quark_potential.wilson_loop import Strings
from nnqg.errors import InvalidArgument

__all__ = ["SOMMER", "sommer_length"]

SOMMER = 1.65


@checked
def sommer_length(strings: Strings, per_alpha: float, target: float = SOMMER) -> float:
    r"""Distance at which :math:`r^2 V'(r)` rises through the target, for :math:`L^2/\alpha'` = per_alpha > 0.

    Examples
    --------
    >>> d = np.array([3.0, 2.0, 1.0, 0.5])  # a force of 2 pi everywhere
    >>> round(sommer_length(Strings(d, d, d, np.full(4, 2 * np.pi)), 1.0, 2.25), 9)
    1.5
    """
    per_alpha, target = checks.number("per_alpha", per_alpha, above=0), checks.number("target", target, above=0)
    order = np.argsort(strings.length)
    length = strings.length[order]
    excess = np.log(length**2 * strings.force[order] * per_alpha / (2 * np.pi * target))
    zeros = upward_zeros(length, excess)
    if len(zeros) != 1:
        reached = np.exp(excess[[0, -1]]) * target
        raise InvalidArgument("strings", f"strings with r^2 V' on both sides of {target}", reached, "add turning points")
    return float(zeros[0])
