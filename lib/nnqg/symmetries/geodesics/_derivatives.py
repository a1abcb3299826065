"""Derivatives of functions of many points at once."""

import math
from collections.abc import Callable

import torch

__all__ = ["slopes"]


def slopes(function: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The values at some points, and the derivative in each direction: one gradient, with a copy of the points for each entry."""
    value = function(x)
    entries = math.prod(value.shape[1:])
    with torch.enable_grad():
        copies = x.repeat(entries, 1).requires_grad_()
        total = function(copies).reshape(entries, len(x), entries).diagonal(dim1=0, dim2=2).sum()
    if total.requires_grad:  # `torch.func.grad` does the same, and loads a compiler that takes as long as a page
        kept = value.requires_grad  # only who differentiates further needs the graph
        found = torch.autograd.grad(total, copies, create_graph=kept, allow_unused=True, materialize_grads=True)[0]
    else:
        found = torch.zeros_like(copies)
    entry_point_direction = found.reshape(entries, *x.shape)
    return value, entry_point_direction.permute(2, 1, 0).reshape(x.shape[1], *value.shape)
