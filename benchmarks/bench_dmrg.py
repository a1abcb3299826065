"""Ground state of 40 Heisenberg spins to 1e-8, two-site DMRG of this book against quimb's DMRG2, in one run on one thread.

Both start from the Néel state and raise the bond dimension sweep by sweep; for each the cheapest of a few schedules is taken whose
error against the Bethe roots is below TARGET. quimb compiles nothing after its first call, which is not timed.
"""

import contextlib
import time

import numpy as np

from nnqg.neural_quantum_states.matrix_products.operators import matrix_product_operator
from nnqg.neural_quantum_states.matrix_products.two_site_dmrg import ground_state
from nnqg.neural_quantum_states.spin_chains.exact_energies import heisenberg_energy
from nnqg.neural_quantum_states.spin_chains.models import heisenberg

SPINS, TARGET, SCHEDULES = 40, 1e-8, ([16, 32, 64, 80], [16, 32, 64, 80, 80], [16, 32, 64, 96, 96])


def ours(bonds):
    """Energy of a run."""
    return ground_state(matrix_product_operator(heisenberg(SPINS)), np.eye(2)[np.arange(SPINS) % 2], bonds).energy


def quimbs(bonds):
    """Energy of a run of quimb."""
    import quimb.tensor as qtn

    hamiltonian = qtn.MPO_ham_heis(SPINS)
    solver = qtn.DMRG2(hamiltonian, bond_dims=bonds, cutoffs=1e-13, p0=qtn.MPS_neel_state(SPINS))
    solver.solve(tol=1e-12, max_sweeps=2 * len(bonds), verbosity=0)
    return float(np.real(solver.energy))


def cheapest(route):
    """CPU seconds and error of the first schedule that reaches the target, or of the best."""
    exact, tried = heisenberg_energy(SPINS), []
    for bonds in SCHEDULES:
        began = time.process_time()
        error = abs(route(bonds) - exact)
        tried.append((error > TARGET, time.process_time() - began, error))
    return min(tried)


def rows():
    """One row."""
    _, seconds, error = cheapest(ours)
    row = {"what": f"DMRG, {SPINS} Heisenberg spins, CPU s", "this book": seconds, "remark": f"error {error:.0e}"}
    with contextlib.suppress(ImportError):
        quimbs([8])
        _, theirs, their_error = cheapest(quimbs)
        row |= {"baseline": theirs, "ratio": theirs / seconds, "remark": f"errors {error:.0e} and {their_error:.0e}; quimb DMRG2"}
    return [row]
