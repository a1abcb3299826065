"""Loss and gradient of the neural ODE on one minibatch: the book's compiled steps against torchdiffeq, at equal accuracy of the gradient.

The baseline is torchdiffeq as the public code of arXiv:2006.00712 uses it, `odeint_adjoint` with dopri5, and beside it the same with direct
backpropagation. For each, the loosest tolerance of a list is taken whose gradient is within TARGET of the reference; for ours, the
fewest steps.
The reference: torch's autograd through 400 and 800 steps of torchdiffeq's rk4, extrapolated to step zero.
"""

import time

import numpy as np
import torch

from nnqg import data_sets
from nnqg.emergent_spacetime.condensate.data import augment, fit_curve
from nnqg.emergent_spacetime.neural_ode import bulk_ode, runge_kutta

WEIGHTS = np.array([2.5, 0.5, 2.5, 5.0, 6.5, 8.0, 9.0, 9.0, 9.5, -3.0, 0.1])  # on the way of a training run
EACH, TARGET, LIMIT = 50, 5e-3, 20.0
TOLERANCES, STEPS = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11), (20, 40, 80, 160, 320, 640)


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


def rows():
    """One row for each route of the baseline, CPU seconds of one thread."""
    torch.set_num_threads(1)
    lattice = data_sets.load("chiral-condensate").columns
    data = augment(fit_curve(lattice["quark_mass"], lattice["condensate"]), np.random.default_rng(0), each=EACH)
    batch = [torch.tensor(column) for column in (data.mass, data.condensate, data.label)]
    exact = reference(batch)
    ours = cheapest([(n, lambda n=n: runge_kutta.window_loss(WEIGHTS, data, steps=n).gradient) for n in STEPS], exact)
    table = []
    for route in ("adjoint", "direct"):
        choices = [(one, lambda one=one, route=route: torch_gradient(batch, route=route, tolerance=one)) for one in TOLERANCES]
        theirs = cheapest(choices, exact)
        before, mine, after = seconds(theirs[1], 3), seconds(ours[1], 300), seconds(theirs[1], 3)
        baseline = 0.5 * (before + after)  # before and after, as the load may change
        verdict = "above" if baseline / mine >= LIMIT else "BELOW"
        remark = (
            f"{verdict} the limit of {LIMIT:.0f}; {2 * EACH} points; gradient within {TARGET:g}: "
            f"ours {ours[0]} steps ({ours[2]:.0e}), torchdiffeq dopri5 at tolerance {theirs[0]:.0e} ({theirs[2]:.0e})"
        )
        what = f"neural ODE, loss and gradient, against {route}, CPU s"
        table.append({"what": what, "this book": mine, "baseline": baseline, "ratio": baseline / mine, "remark": remark})
    return table
