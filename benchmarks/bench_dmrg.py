"""Ground state of 40 Heisenberg spins to 1e-8, two-site DMRG of this book against quimb's DMRG2 and TeNPy's, in one run on one thread.

All start from the Néel state and raise the bond dimension sweep by sweep; for each the cheapest of a few schedules is taken whose
error against the Bethe roots is below TARGET. First calls are not timed. TeNPy keeps the total spin, which the others do not.
"""

import contextlib
import logging
import time
import warnings

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


def tenpys(bonds):
    """Energy of a run of TeNPy."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from tenpy.algorithms.dmrg import TwoSiteDMRGEngine
        from tenpy.models.xxz_chain import XXZChain
        from tenpy.networks.mps import MPS

        logging.getLogger("tenpy").setLevel(logging.ERROR)
        model = XXZChain({"L": SPINS, "Jxx": 1.0, "Jz": 1.0, "hz": 0.0, "bc_MPS": "finite"})
        state = MPS.from_product_state(model.lat.mps_sites(), ["up", "down"] * (SPINS // 2))
        options = {
            "mixer": None,
            "trunc_params": {"svd_min": 1e-10},
            "chi_list": {n: int(bond) for n, bond in enumerate(bonds)},
            "N_sweeps_check": 1,
            "min_sweeps": len(bonds),
            "max_sweeps": len(bonds),
        }
        return float(TwoSiteDMRGEngine(state, model, options).run()[0])


def cheapest(route):
    """CPU seconds and error of the first schedule that reaches the target, or of the best."""
    exact, tried = heisenberg_energy(SPINS), []
    for bonds in SCHEDULES:
        began = time.process_time()
        error = abs(route(bonds) - exact)
        tried.append((error > TARGET, time.process_time() - began, error))
    return min(tried)


def rows():
    """One row for each of the programs that are installed."""
    _, seconds, error = cheapest(ours)
    what, table = f"DMRG, {SPINS} Heisenberg spins, CPU s", []
    for name, route in {"quimb DMRG2": quimbs, "TeNPy two-site": tenpys}.items():
        with contextlib.suppress(ImportError):
            route([8])
            _, theirs, their_error = cheapest(route)
            remark = f"errors {error:.0e} and {their_error:.0e}; {name}"
            table.append({"what": what, "this book": seconds, "baseline": theirs, "ratio": theirs / seconds, "remark": remark})
    return table or [{"what": what, "this book": seconds, "remark": f"error {error:.0e}"}]
