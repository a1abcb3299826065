r"""The last layer of a bulk network that learns from labels: is F, which a regular field makes 0 at the horizon, near enough to 0?

.. math:: t(F) = \tfrac12\left[\tanh\sigma(F - \epsilon) - \tanh\sigma(F + \epsilon) + 2\right]

is 0 (true) for :math:`|F| < \epsilon` and 1 (false) outside, with edges :math:`1/\sigma` wide (arXiv:1802.08313). Beyond a few of these
widths it is flat and teaches nothing. So training may begin with a window that is *open* to a half-width w and has a slope everywhere,
:math:`t = F^2/(F^2 + w^2)`.

`window` is for torch, `window_and_slope` for compiled loops; the black hole, the metal and the condensate train through them.
Derived in the page ``emergent-spacetime/recovering-a-black-hole``.
"""

import math
from typing import no_type_check

import torch
from jaxtyping import Float
from numba import njit
from torch import Tensor

from nnqg import checks

__all__ = ["window", "window_and_slope"]

_LARGE = 1e30


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
    >>> window(torch.tensor([0.0, 0.1, 0.5, float("inf")])).round(decimals=3)
    tensor([0.0000, 0.5000, 1.0000, 1.0000])
    """
    checks.tensor("value", value.clamp(-_LARGE, _LARGE) if isinstance(value, Tensor) else value)
    checks.number("half_width", half_width, above=0)
    checks.number("steepness", steepness, above=0)
    if checks.number("opening", opening, minimum=0) > 0:
        return 1.0 - opening**2 / (value**2 + opening**2)
    return 0.5 * (torch.tanh(steepness * (value - half_width)) - torch.tanh(steepness * (value + half_width)) + 2.0)


@njit(cache=True, nogil=True)
@no_type_check
def window_and_slope(value, shape):
    """Return t(F) and dt/dF of one finite F; shape = (half_width, steepness, opening) is not checked.

    Examples
    --------
    >>> window_and_slope(0.1, (0.1, 100.0, 0.0))
    (0.5, 50.0)
    """
    half_width, steepness, opening = shape
    if opening > 0.0:
        width = value * value + opening * opening
        return value * value / width, 2.0 * value * opening * opening / (width * width)
    distance = steepness * (abs(value) - half_width)  # t is even in F
    if abs(distance) > 20.0:  # flat to rounding
        return (1.0 if distance > 0.0 else 0.0), 0.0
    growth, gap = math.exp(2.0 * distance), math.exp(-4.0 * steepness * half_width)
    near, far = (growth - 1.0) / (growth + 1.0), (growth - gap) / (growth + gap)  # tanh(steepness (abs(F) -+ half_width))
    slope = 0.5 * steepness * (far * far - near * near)
    return 0.5 * (near - far) + 1.0, (-slope if value < 0.0 else slope)
