r"""The last layer of a bulk network that learns from labels: is F, which a regular field makes 0 at the horizon, near enough to 0?

.. math:: t(F) = \tfrac12\left[\tanh\sigma(F - \epsilon) - \tanh\sigma(F + \epsilon) + 2\right]

is 0 (true) for :math:`|F| < \epsilon` and 1 (false) outside, with edges :math:`1/\sigma` wide (arXiv:1802.08313). Beyond a few of these
widths it is flat and teaches nothing. So training may begin with a window that is *open* to a half-width w and has a slope everywhere,
:math:`t = F^2/(F^2 + w^2)`.

`window` is for torch; compiled loops call its twin in `nnqg.emergent_spacetime._training_kernels`. The black hole, the metal and the
condensate train through them.
Derived in the page ``emergent-spacetime/recovering-a-black-hole``.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from nnqg import checks
from nnqg.boundary import checked

__all__ = ["window"]

_LARGE = 1e30


@checked(infinite=("value",))
def window(value: Float[Tensor, "..."], half_width: float = 0.1, steepness: float = 100.0, opening: float = 0.0) -> Float[Tensor, "..."]:
    r"""Return :math:`t(F)`, or :math:`F^2/(F^2 + w^2)` where the opening w is positive; an infinite F is outside.

    Parameters
    ----------
    value : torch.Tensor, shape (...)
        F.
    half_width, steepness : float
        :math:`\epsilon` and :math:`\sigma`, positive.
    opening : float
        w, at least 0.

    Examples
    --------
    >>> window(torch.tensor([0.0, 0.1, 0.5, float("inf")]).double()).round(decimals=3)
    tensor([0.0000, 0.5000, 1.0000, 1.0000], dtype=torch.float64)
    """
    real = isinstance(value, Tensor) and value.is_floating_point()
    checks.tensor("value", value.clamp(-_LARGE, _LARGE) if real else value)
    checks.number("half_width", half_width, above=0)
    checks.number("steepness", steepness, above=0)
    if checks.number("opening", opening, minimum=0) > 0:
        return 1.0 - opening**2 / (value**2 + opening**2)
    return 0.5 * (torch.tanh(steepness * (value - half_width)) - torch.tanh(steepness * (value + half_width)) + 2.0)
