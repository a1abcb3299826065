"""Boltzmann states on rings against NetKet: same ansatz, damping and number of samples, CPU seconds on one machine in one run.

NetKet comes with `make bench`; without it its column says so. A step is timed without compilation; seconds to 1e-3 are said without it
and with it, as the first call of a process costs. The rings share compiled code, so the first Ising and the first Heisenberg ring pay.
"""

import time

import numpy as np

from nnqg.neural_quantum_states.boltzmann_states.reconfiguration import train
from nnqg.neural_quantum_states.boltzmann_states.rings import heisenberg_ring, ising_ring
from nnqg.neural_quantum_states.boltzmann_states.sampling import measure

HEISENBERG = {20: -8.904386529876, 40: -17.746522788333}  # Bethe roots
CASES = [("Ising", 20), ("Ising", 40), ("Heisenberg", 20), ("Heisenberg", 40)]
FEATURES, CHAINS, STEPS, FLOOR, SEEDS = 2, 512, 200, 0.003, 3


def exact(name, spins):
    return HEISENBERG[spins] if name == "Heisenberg" else -2 / np.sin(np.pi / (2 * spins))


def seconds_to(energies, target, seconds):
    """CPU seconds until the mean of ten steps is within 1e-3."""
    smooth = np.convolve(energies, np.ones(10) / 10, "valid")
    reached = np.flatnonzero(abs(smooth / target - 1) < 1e-3)
    return seconds * (reached[0] + 10) if reached.size else np.nan


def ours(name, spins, seed):
    """Seconds a step, seconds to 1e-3, the relative error of fresh chains, and the seconds of a first call of two steps."""
    ring = ising_ring(spins, 1.0) if name == "Ising" else heisenberg_ring(spins)
    rng = np.random.default_rng(seed)
    w = 0.02 * rng.standard_normal((FEATURES, spins))
    first = time.process_time()
    train(ring, w, np.random.default_rng(0), 2)  # compiles
    start = time.process_time()
    run = train(ring, w, rng, STEPS, CHAINS, floor=FLOOR)
    step = (time.process_time() - start) / STEPS
    off = 1 - measure(ring, run.w, rng).mean() / exact(name, spins)
    return step, seconds_to(run.energies, exact(name, spins), step), off, start - first


def netket(name, spins, seed, steps=STEPS):
    """The same from NetKet, in its own units."""
    import jax
    import netket as nk

    graph = nk.graph.Chain(spins, pbc=True)
    if name == "Ising":
        space = nk.hilbert.Spin(0.5, spins)
        hamiltonian, unit = nk.operator.IsingJax(space, graph, h=1.0), 1.0
        sampler = nk.sampler.MetropolisLocal(space, n_chains=CHAINS, sweep_size=spins)
    else:
        space = nk.hilbert.Spin(0.5, spins, total_sz=0)
        hamiltonian, unit = nk.operator.Heisenberg(space, graph, sign_rule=True).to_jax_operator(), 0.25
        sampler = nk.sampler.MetropolisExchange(space, graph=graph, n_chains=CHAINS, sweep_size=spins)
    model = nk.models.RBMSymm(
        alpha=FEATURES,
        symmetries=graph.translation_group(),
        use_hidden_bias=False,
        use_visible_bias=False,
        kernel_init=jax.nn.initializers.normal(0.02),
        param_dtype=float,
    )
    state = nk.vqs.MCState(sampler, model, n_samples=CHAINS, n_discard_per_chain=0, seed=seed)
    driver = nk.driver.VMC_SR(
        hamiltonian, nk.optimizer.Sgd(0.05), diag_shift=lambda n: jax.numpy.maximum(0.93**n, FLOOR), variational_state=state
    )
    log = nk.logging.RuntimeLog()
    first = time.process_time()
    driver.run(2, out=log, show_progress=False)  # compiles
    start = time.process_time()
    driver.run(steps, out=log, show_progress=False)
    step = (time.process_time() - start) / steps
    energies = np.real(log.data["Energy"]["Mean"]) * unit
    state.n_samples = 100 * CHAINS
    off = 1 - float(state.expect(hamiltonian).mean.real) * unit / exact(name, spins)
    return step, seconds_to(energies, exact(name, spins), step), off, start - first


def reached(seconds, first):
    """In words the seconds to 1e-3, given those of the first call."""
    return "never at 1e-3" if np.isnan(seconds) else f"to 1e-3 in {seconds:.2f} s, with compilation {seconds + first:.1f} s"


def measured(run, name, spins):
    """Seconds a step, and in words the rest: medians of the seeds, and the compilation of the seed that compiled."""
    step, to, off, first = np.transpose([run(name, spins, seed) for seed in range(SEEDS)])
    words = f"{reached(np.median(to), max(first))}; error {np.nanmedian(off):.1e}"
    return float(np.median(step)), words + (f", not a number from {lost} of {SEEDS} seeds" if (lost := np.isnan(off).sum()) else "")


def rows():
    """One row a ring: seconds a step, seconds to 1e-3 and the error."""
    table = []
    for name, spins in CASES:
        step, words = measured(ours, name, spins)
        row = {"what": f"Boltzmann state, {name} ring of {spins}, s a step", "this book": step, "remark": words}
        try:
            theirs, peer = measured(netket, name, spins)
            row |= {"baseline": theirs, "ratio": theirs / step, "remark": f"{words}; NetKet {peer}"}
        except ImportError:
            row["remark"] += "; NetKet is not installed"
        table.append(row)
    return table
