"""Loss and gradient of the neural ODE on 100 and 2000 points: compiled steps against torchdiffeq, at equal accuracy of the gradient.

The baseline is torchdiffeq as the public code of arXiv:2006.00712 uses it, `odeint_adjoint` with dopri5, and beside it the same with direct
backpropagation. For each, the loosest tolerance of a list is taken whose gradient is within TARGET of the reference; for ours, the
fewest steps. Compilation is not in the time: each setting has run once before it is timed. The limit is for the minibatch, where most of
torch's time is overhead; with 2000 points it has more work to do.
The reference: torch's autograd through 400 and 800 steps of torchdiffeq's rk4, extrapolated to step zero.
"""

import time

import numpy as np
import torch

from nnqg import data_sets
from nnqg.emergent_spacetime.condensate.data import augment, fit_curve
from nnqg.emergent_spacetime.neural_ode import bulk_ode, inwards

WEIGHTS = np.array([2.5, 0.5, 2.5, 5.0, 6.5, 8.0, 9.0, 9.0, 9.5, -3.0, 0.1])  # on the way of a training run
EACH, TARGET, LIMIT = (50, 1000), 5e-3, 20.0
TOLERANCES, STEPS = 10.0 ** -np.arange(3, 11.5, 0.5), (20, 40, 80, 160, 320, 640)


def torch_gradient(batch, **settings):
    """Gradient of the objective by torchdiffeq."""
    field = bulk_ode.BulkField(WEIGHTS)
    momentum = bulk_ode.horizon_momentum(field, batch[0], batch[1], **settings)
    bulk_ode.window_objective(momentum, batch[2], field).backward()
    return field.gradient()


def reference(batch):
    """Gradient that the error is measured against."""
    coarse, fine = (torch_gradient(batch, method="rk4", steps=steps) for steps in (400, 800))
    return fine + (fine - coarse) / 15


def seconds(call, repeats):
    """CPU seconds of one call, the median of several."""
    taken = []
    for _ in range(repeats):
        began = time.process_time()
        call()
        taken.append(time.process_time() - began)
    return float(np.median(taken))


def cheapest(gradients, exact):
    """The first setting whose gradient is accurate enough, with its error."""
    for setting, gradient in gradients:
        error = np.linalg.norm(gradient() - exact) / np.linalg.norm(exact)
        if error <= TARGET:
            return setting, gradient, error
    raise RuntimeError(f"no setting reaches {TARGET}")


def compare(route, data, batch, exact, ours):
    """One row: a route of the baseline at its loosest good tolerance, before and after ours, as the load may change."""
    choices = [(one, lambda one=one: torch_gradient(batch, route=route, tolerance=one)) for one in TOLERANCES]
    theirs = cheapest(choices, exact)
    before, mine, after = seconds(theirs[1], 3), seconds(ours[1], 300 if data.mass.size < 1000 else 9), seconds(theirs[1], 3)
    baseline = 0.5 * (before + after)
    verdict = f"{'above' if baseline / mine >= LIMIT else 'BELOW'} the limit of {LIMIT:.0f}; " if data.mass.size < 1000 else ""
    remark = (
        f"{verdict}gradient within {TARGET:g}: ours {ours[0]} steps ({ours[2]:.0e}), torchdiffeq dopri5 at tolerance {theirs[0]:.0e} "
        f"({theirs[2]:.0e}); compilation excluded"
    )
    what = f"neural ODE, loss and gradient, {data.mass.size} points, against {route}, CPU s"
    return {"what": what, "this book": mine, "baseline": baseline, "ratio": baseline / mine, "remark": remark}


def rows():
    """One row for each size and route of the baseline, CPU seconds of one thread."""
    torch.set_num_threads(1)
    lattice = data_sets.load("chiral-condensate").columns
    table = []
    for each in EACH:
        data = augment(fit_curve(lattice["quark_mass"], lattice["condensate"]), np.random.default_rng(0), each=each)
        batch = [torch.tensor(column) for column in (data.mass, data.condensate, data.label)]
        exact = reference(batch)
        ours = cheapest([(n, lambda n=n, data=data: inwards.window_loss(WEIGHTS, data, steps=n).gradient) for n in STEPS], exact)
        table += [compare(route, data, batch, exact, ours) for route in ("adjoint", "direct")]
    return table
