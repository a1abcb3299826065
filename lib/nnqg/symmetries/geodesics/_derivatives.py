"""Derivatives of functions of many points at once."""

import math
from collections.abc import Callable

import torch
from torch.func import grad

__all__ = ["slopes"]


def slopes(function: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values at some points, and the derivative in each direction: one gradient, with a copy of the points for each entry."""
    value = function(x)
    entries = math.prod(value.shape[1:])

    def total(copies: torch.Tensor) -> torch.Tensor:
        return function(copies).reshape(entries, len(x), entries).diagonal(dim1=0, dim2=2).sum()

    found = grad(total)(x.repeat(entries, 1)).reshape(entries, *x.shape)  # entry, point, direction
    return value, found.permute(2, 1, 0).reshape(x.shape[1], *value.shape)
