"""Critical Ising chain to a relative energy error of 5e-5: our exact gradient against quimb's optimiser, in one run.

Two baselines. The first is the same problem, the same network from the same start, given to quimb's TNOptimizer (torch, L-BFGS-B): the
fixed point is unrolled over layers, as its autodiff needs. The second is quimb's own binary MERA on a ring of 8, against the exact
energy of that ring; a finite chain is the easier problem. Each has the isometrisation that did best for it (QR and Cayley), and runs
until its energy is within TARGET or its steps are used up.
"""

import time

import numpy as np
import quimb
import quimb.tensor as qtn
import torch
from opt_einsum import contract

from nnqg.quantum_gravity.entanglement_renormalisation.scale_invariant import start, train

SEEDS, CHI, TARGET, UNROLLED, BATCH, MOST = (0, 1, 2), 4, 5e-5, 8, 50, 600
X, Z = np.array([[0.0, 1.0], [1.0, 0.0]]), np.diag([1.0, -1.0])
TERM = (-np.kron(X, X) - np.kron(Z, np.eye(2)) / 2 - np.kron(np.eye(2), Z) / 2).reshape(2, 2, 2, 2)
EXACT, RING = -4 / np.pi, -2 / 8 / np.sin(np.pi / 16)
POSITIONS = (
    "bcxy,cdpq,ydrs,abpA,axrB,qefC,sefD->ACBD",
    "cdxy,cdpq,xyrs,abpA,abrB,qefC,sefD->ACBD",
    "dexy,cdpq,cxrs,abpA,abrB,qefC,syfD->ACBD",
)


def seconds_of_ours(seed):
    """CPU seconds until the energy is good enough, and whether it is."""
    began = time.process_time()
    mera, good = start(TERM, CHI, np.random.default_rng(seed)), False
    for steps in ((100, BATCH), *[(BATCH,)] * (MOST // BATCH)):
        run = train(TERM, mera, steps)
        mera, good = run.mera, 1 - run.energies[-1] / EXACT < TARGET
        if good:
            break
    return time.process_time() - began, good


def until(optimiser, exact, began):
    """CPU seconds until quimb's optimiser is good enough, whether it is, and its last relative error."""
    for _ in range(MOST // BATCH):
        optimiser.optimize(BATCH)
        if 1 - optimiser.loss / exact < TARGET:
            break
    error = 1 - optimiser.loss / exact
    return time.process_time() - began, error < TARGET, error


def ascend(h, u, w):
    return sum(contract(position, h, u, u, w, w, w, w) for position in POSITIONS) / 3


def seconds_of_the_same_network(seed):
    """quimb's optimiser on our layers; the state above UNROLLED layers is the maximally mixed one."""
    began = time.process_time()
    mera = start(TERM, CHI, np.random.default_rng(seed))
    layers = (*mera.layers, mera.layers[-1])
    tensors = []
    for k, layer in enumerate(layers):
        tensors.append(qtn.Tensor(layer.u, [f"u{k}{leg}" for leg in "abpq"], tags=f"U{k}", left_inds=[f"u{k}a", f"u{k}b"]))
        tensors.append(qtn.Tensor(layer.w, [f"w{k}{leg}" for leg in "abcp"], tags=f"W{k}", left_inds=[f"w{k}{leg}" for leg in "abc"]))

    def loss(network, term):
        for k in (*range(len(layers) - 1), *[len(layers) - 1] * UNROLLED):
            term = ascend(term, network[f"U{k}"].data, network[f"W{k}"].data)
        return torch.einsum("abab->", term) / CHI**2

    optimiser = qtn.TNOptimizer(
        qtn.TensorNetwork(tensors),
        loss_fn=loss,
        norm_fn=lambda network: network.isometrize(method="qr"),
        loss_constants={"term": TERM},
        autodiff_backend="torch",
        optimizer="L-BFGS-B",
        progbar=False,
    )
    return until(optimiser, EXACT, began)


def seconds_of_a_ring(seed):
    """quimb's own MERA and optimiser on a ring of 8."""
    began = time.process_time()
    quimb.seed_rand(seed)

    def loss(network, term):
        def bond(k):
            where = k, (k + 1) % 8
            cone = network.select([network.site_tag(i) for i in where], "any")
            return (cone.gate(term, where) & cone.H).contract(all, optimize="greedy")

        return sum(bond(k) for k in range(8)) / 8

    optimiser = qtn.TNOptimizer(
        qtn.MERA.rand(8, max_bond=CHI, dtype="float64"),
        loss_fn=loss,
        norm_fn=lambda network: network.isometrize(method="cayley"),
        loss_constants={"term": TERM.reshape(4, 4)},
        autodiff_backend="torch",
        optimizer="L-BFGS-B",
        progbar=False,
    )
    return until(optimiser, RING, began)


def rows():
    """One row for each baseline: mean CPU seconds of one thread over the seeds."""
    torch.set_num_threads(1)
    before = [seconds_of_ours(seed) for seed in SEEDS]
    theirs = {"the same network, TNOptimizer": [seconds_of_the_same_network(seed) for seed in SEEDS]}
    theirs["quimb's MERA on 8 sites"] = [seconds_of_a_ring(seed) for seed in SEEDS]
    after = [seconds_of_ours(seed) for seed in SEEDS]
    ours, good = np.mean([seconds for seconds, _ in (*before, *after)]), sum(good for _, good in before)
    table = []
    for name, runs in theirs.items():
        baseline = np.mean([seconds for seconds, _, _ in runs])
        remark = (
            f"ours reaches it from {good} of {len(SEEDS)} starts, quimb from {sum(good for _, good, _ in runs)}; "
            f"its errors {', '.join(f'{error:.1e}' for *_, error in runs)}"
        )
        what = f"MERA, CPU s to {TARGET:g}, against {name}"
        table.append(
            {"what": what, "this book": float(ours), "baseline": float(baseline), "ratio": float(baseline / ours), "remark": remark}
        )
    return table
