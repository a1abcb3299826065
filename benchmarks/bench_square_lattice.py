"""The Heisenberg antiferromagnet on square lattices: this book's symmetric Boltzmann states beside NetKet's, CPU seconds in one run.

A step is timed at the same number of hidden units (8 N for each feature), chains and proposals. NetKet's state is the product over the
whole space group, ours the sum of eight such products over translations, times a Jastrow factor. Of two step sizes tried for NetKet the
larger ended in NaN. What each reaches is from fresh chains. Seconds to 1e-3, at the mean cost of a step, are said without and with
compilation, which the first row pays. NetKet comes with `make bench`.
Peak memory is that of a process of its own that trains and measures, with everything it imports, as the kernel (Linux) counts it.
Exact energies a site: 6x6 by diagonalisation (Schulz, Ziman, Poilblanc 1996), 10x10 by quantum Monte Carlo (arXiv:2601.20189).
"""

import contextlib
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
from bench_boltzmann_states import reached, seconds_to

from nnqg.neural_quantum_states.square_lattice import chains, lanczos, training

EXACT = {6: -0.678872, 10: -0.67155266}
CHAINS, SWEEPS, SEEDS = 512, 60, 3
FEW = ((0.0, 256),)
RUNS = {  # stages: features, iterations, chains by share of the iterations, step sizes
    6: [(16, 400, ((0.0, 512), (0.5, 1024)), (0.05, 0.012))],
    10: [(1, 80, FEW, (0.08, 0.01)), (2, 80, FEW, (0.08, 0.01)), (4, 480, ((0.0, 512), (0.4, 1024)), (0.05, 0.003))],
}
PEER = (6, 2, 300)  # length, features, iterations of the comparison with NetKet
MEMORY = """
import numpy as np
from nnqg.neural_quantum_states.square_lattice import chains, training
rng = np.random.default_rng(0)
state = training.train(training.start({0}, {1}, rng), rng, 2, ((0.0, 1024),)).state
chains.measure(state, rng, 2048, 2)
print(open("/proc/self/status").read())
"""


def off(energy, length):
    """Relative error of an energy of the whole lattice."""
    return 1 - energy / length**2 / EXACT[length]


def grown(state, features, rng):
    """The state with small random features added."""
    new = 0.02 * rng.standard_normal((features - len(state.w), state.lattice.spins))
    return replace(state, w=np.vstack([state.w, new]))


def ours(length, seed, stages):
    """CPU seconds of the training, the energies of its steps, the relative error without and with a Lanczos step, and the first call."""
    rng = np.random.default_rng(seed)
    state = training.start(length, stages[0][0], rng)
    first = time.process_time()
    training.train(state, np.random.default_rng(0), 2)  # compiles
    start, energies = time.process_time(), []
    for features, *plan in stages:
        run = training.train(grown(state, features, rng), rng, *plan)
        state, energies = run.state, [*energies, *run.energies]
    seconds = time.process_time() - start
    series, s = chains.measure(state, rng, 2048, SWEEPS)
    found, better = chains.energy(series), lanczos.improve(state, series, s, rng)
    return seconds, energies, off(found.mean, length), off(better.mean, length), start - first


def memory(length, features):
    """Peak memory in MB; `resource.getrusage` would count what this process had when it made the other one."""
    if sys.platform != "linux":
        return "memory not known"
    done = subprocess.run([sys.executable, "-c", MEMORY.format(length, features)], capture_output=True, encoding="utf-8", check=True)
    return f"{int(done.stdout.split('VmHWM:')[1].split()[0]) / 1024:.0f} MB"


def netket(length, features, iterations, seed=0):
    """CPU seconds of a step, those to 1e-3 in words, and the relative error of fresh chains."""
    import jax
    import netket as nk

    graph = nk.graph.Square(length)
    space = nk.hilbert.Spin(0.5, length**2, total_sz=0)
    hamiltonian = nk.operator.Heisenberg(space, graph, sign_rule=True).to_jax_operator()
    sampler = nk.sampler.MetropolisExchange(space, graph=graph, n_chains=CHAINS, sweep_size=length**2)
    start = jax.nn.initializers.normal(0.02)
    group = graph.space_group()
    model = nk.models.RBMSymm(
        alpha=8 * features, symmetries=group, use_hidden_bias=False, use_visible_bias=False, kernel_init=start, param_dtype=float
    )
    state = nk.vqs.MCState(sampler, model, n_samples=CHAINS, n_discard_per_chain=0, seed=seed)
    damping = lambda n: jax.numpy.maximum(0.95**n, 0.03)  # noqa: E731
    driver = nk.driver.VMC_SR(hamiltonian, nk.optimizer.Sgd(0.01), diag_shift=damping, variational_state=state)
    first, log = time.process_time(), nk.logging.RuntimeLog()
    driver.run(2, out=nk.logging.RuntimeLog(), show_progress=False)  # compiles
    start = time.process_time()
    driver.run(iterations, out=log, show_progress=False)
    step = (time.process_time() - start) / iterations
    to = seconds_to(np.real(log.data["Energy"]["Mean"]) / 4, EXACT[length] * length**2, step)
    state.n_samples = 40 * CHAINS
    return step, reached(to, start - first), off(float(state.expect(hamiltonian).mean.real) / 4, length)


def rows():
    """One row for the step of both, and one for each lattice: seconds of a training, what it reaches in each of the seeds."""
    length, features, iterations = PEER
    seconds, energies, far, _, first = ours(length, 0, [(features, iterations, ((0.0, CHAINS),), (0.08, 0.012))])
    step = seconds / iterations
    words = f"{reached(seconds_to(energies, EXACT[length] * length**2, step), first)}; after {iterations} steps {far:.1e}"
    row = {"what": f"{length}x{length}, {8 * features * length**2} units, s a step", "this book": step, "remark": words}
    with contextlib.suppress(ImportError):
        theirs, to, far = netket(length, features, iterations)
        row |= {"baseline": theirs, "ratio": theirs / step, "remark": f"{words}; NetKet {to}; after {iterations} steps {far:.1e}"}
    table = [row]
    for length, stages in RUNS.items():
        seconds, energies, alone, improved, first = zip(*[ours(length, seed, stages) for seed in range(SEEDS)], strict=True)
        steps = len(energies[0])
        to = [seconds_to(E, EXACT[length] * length**2, t / steps) for E, t in zip(energies, seconds, strict=True)]
        errors = [" ".join(f"{error:.1e}" for error in sorted(kind)) for kind in (alone, improved)]
        remark = (
            f"errors {errors[0]}; with a Lanczos step {errors[1]}; {reached(np.median(to), max(first))}; {memory(length, stages[-1][0])}"
        )
        table.append({"what": f"{length}x{length}, {steps} steps, CPU s", "this book": float(np.median(seconds)), "remark": remark})
    return table
