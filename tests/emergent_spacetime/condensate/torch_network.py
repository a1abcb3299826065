"""The published network and its loss in torch, line by line as in the paper: what the compiled code is held against."""

import math

import torch

from nnqg.emergent_spacetime._training_kernels import RUNAWAY
from nnqg.emergent_spacetime.condensate.data import PUBLISHED
from nnqg.emergent_spacetime.condensate.objective import boundary_map, window


def outcome(weights, mass, condensate, objective=PUBLISHED):
    """Momentum that the Euler layers find at the horizon; a point that runs away is held at RUNAWAY, as in the compiled code."""
    h, lam, radius = weights[:-2], weights[-2], weights[-1]
    phi, pi_ = boundary_map(mass, condensate, lam, radius)
    for h_n in h:
        next_pi = pi_ - objective.step * (h_n * pi_ - objective.m2 * phi - lam * phi**3)
        phi, pi_ = (phi + objective.step * pi_).clamp(-RUNAWAY, RUNAWAY), next_pi.clamp(-RUNAWAY, RUNAWAY)
    return pi_.nan_to_num(nan=math.inf)


def penalty(weights, objective=PUBLISHED):
    """Return c_0 (d - h_0)^2 + c sum_n eta_(n-1)^4 (h_n - h_(n-1))^2."""
    h = weights[:-2]
    smoothness = torch.as_tensor(objective.smoothness_weights, dtype=h.dtype)
    return objective.boundary_weight * (objective.dimension - h[0]) ** 2 + (smoothness * torch.diff(h) ** 2).sum()


def loss(weights, mass, condensate, label, objective=PUBLISHED):
    """Return the square of the mean of abs(t(F) - y), and the penalty."""
    missed = (window(outcome(weights, mass, condensate, objective), objective) - label).abs().mean()
    return missed**2, penalty(weights, objective)
