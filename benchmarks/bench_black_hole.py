"""Black-hole ensemble against a loop in the published style, in one run.

The baseline is written here from the description in arXiv:1802.08313: one torch module a layer, one model at a time, Adam on batches of 10,
100 epochs of 2000 points. It is timed over its first steps and multiplied.
"""

import time

import numpy as np
import torch
from torch import nn

from nnqg.emergent_spacetime.black_hole.labels import labelled_points, stack
from nnqg.emergent_spacetime.black_hole.training import Objective, random_start, train_ensemble
from nnqg.emergent_spacetime.bulk_network import RadialGrid
from nnqg.quantum_gravity.dictionary import metrics

SEEDS, BATCH, EPOCHS, TIMED_STEPS, LIMIT = 16, 10, 100, 300, 1.0


class Layer(nn.Module):
    """One explicit Euler step with its own h."""

    def __init__(self, h, step):
        super().__init__()
        self.h, self.step = nn.Parameter(h.clone()), step

    def forward(self, state):
        phi, pi_ = state
        return phi + self.step * pi_, pi_ - self.step * (self.h * pi_ + phi - phi**3)


def loop_step(layers, optimiser, points, chosen):
    """One step of the published style."""
    state = points.phi[chosen], points.pi_[chosen]
    for layer in layers:
        state = layer(state)
    output = 0.5 * (torch.tanh(100 * (state[1] - 0.1)) - torch.tanh(100 * (state[1] + 0.1)) + 2)
    loss = (output - points.label[chosen]).abs().mean() ** 2
    depths = 1 + layers[0].step * np.arange(len(layers))
    for n in range(len(layers) - 1):
        loss = loss + 3e-3 * depths[n] ** 4 * (layers[n + 1].h - layers[n].h) ** 2
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()


def seconds_of_a_loop(start, points, grid):
    """Seconds of all steps of one model, extrapolated from the first ones."""
    layers = nn.Sequential(*(Layer(h, grid.step) for h in torch.from_numpy(start)))
    optimiser = torch.optim.Adam(layers.parameters())
    order = np.random.default_rng(0).permutation(len(points.phi))
    began = time.process_time()
    for k in range(TIMED_STEPS):
        first = k * BATCH % len(order)
        loop_step(layers, optimiser, points, torch.from_numpy(order[first : first + BATCH]))
    return (time.process_time() - began) / TIMED_STEPS * EPOCHS * len(order) / BATCH


def rows():
    """Return the row of the table; CPU seconds of one thread, so that other programs on the machine hardly count."""
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    objective = Objective(RadialGrid(1.0, 0.1, 10))
    truth = objective.network(metrics.ads_schwarzschild(objective.depths, 3).h)
    sets = [labelled_points(rng, truth, "equation") for _ in range(SEEDS)]
    start = random_start(rng, objective.depths, SEEDS)
    before = seconds_of_a_loop(start[0], sets[0], objective.grid)
    began = time.process_time()
    ensemble = train_ensemble(start, stack(sets), objective)
    seconds, solved = time.process_time() - began, int(ensemble.solved().sum())
    loop = (before + seconds_of_a_loop(start[1], sets[1], objective.grid)) / 2  # before and after, as the load may change
    per_model = seconds / max(1, solved)
    verdict = "within" if per_model <= LIMIT else "ABOVE"
    return [
        {
            "what": f"black hole, CPU s per solved model ({solved} of {SEEDS} solved)",
            "this book": per_model,
            "baseline": loop,
            "ratio": loop / per_model,
            "remark": f"{verdict} the limit of {LIMIT} s; baseline: {EPOCHS} epochs in batches of {BATCH}, from {2 * TIMED_STEPS} steps",
        }
    ]
