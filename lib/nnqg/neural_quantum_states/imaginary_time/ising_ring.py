r"""A small transverse-field Ising ring, :math:`H = -J\sum s^z_is^z_{i+1} - h\sum s^x_i`, from its dense operators."""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked

__all__ = ["exact_evolution", "infidelity", "spin_states", "trotter_step"]


@checked
def spin_states(spins: int) -> Float[np.ndarray, "state spin"]:
    """Return all states of at most 20 spins as rows of +1 and -1, in the order of binary counting with +1 for 0.

    Examples
    --------
    >>> spin_states(2).astype(int).tolist()
    [[1, 1], [1, -1], [-1, 1], [-1, -1]]
    """
    spins = checks.count("spins", spins, maximum=20)
    return 1.0 - 2 * ((np.arange(2**spins)[:, None] >> np.arange(spins)[::-1]) & 1)


@checked
def trotter_step(spins: int, step: float, coupling: float = 1.0, field: float = 1.0) -> Float[np.ndarray, "state state"]:
    r"""Return one Trotter step :math:`e^{-\delta H_{zz}/2}e^{-\delta H_x}e^{-\delta H_{zz}/2}` from the operators of 3 to 12 spins.

    Examples
    --------
    >>> round(float(trotter_step(3, 0.0)[0, 0]), 12)
    1.0
    """
    states, bonds = _ring(spins)
    turn = checks.number("field", field) * checks.number("step", step)
    one = np.array([[np.cosh(turn), np.sinh(turn)], [np.sinh(turn), np.cosh(turn)]])  # exp(turn s^x)
    turns = np.ones((1, 1))
    for _ in range(states.shape[1]):
        turns = np.kron(turns, one)
    half = np.exp(checks.number("coupling", coupling) * step / 2 * bonds)
    return half[:, None] * turns * half


@checked
def exact_evolution(spins: int, time: float, coupling: float = 1.0, field: float = 1.0) -> Float[np.ndarray, " state"]:
    r"""Return the normalised :math:`e^{-\tau H}` on the state with equal amplitudes, from the dense Hamiltonian of 3 to 12 spins.

    Examples
    --------
    >>> exact_evolution(3, 0.0).round(4)
    array([0.3536, 0.3536, 0.3536, 0.3536, 0.3536, 0.3536, 0.3536, 0.3536])
    """
    time = checks.number("time", time, minimum=0)
    states, bonds = _ring(spins)
    hamiltonian = -checks.number("coupling", coupling) * np.diag(bonds)
    index = np.arange(len(states))
    for site in range(states.shape[1]):
        hamiltonian[index, index ^ (1 << site)] -= checks.number("field", field)
    energies, modes = np.linalg.eigh(hamiltonian)
    psi = modes @ (np.exp(-time * (energies - energies[0])) * modes.sum(0))
    return psi / np.linalg.norm(psi)


@checked
def infidelity(psi: Float[np.ndarray, " state"], other: Float[np.ndarray, " state"]) -> float:
    r"""Return :math:`1 - \langle a|b\rangle^2` of two normalised real states, without cancellation.

    Examples
    --------
    >>> infidelity(np.array([1.0, 0.0]), np.array([0.6, 0.8]))
    0.64
    """
    checks.array("other", other, shape=checks.array("psi", psi, shape=("state",)).shape)
    for name, state in (("psi", psi), ("other", other)):
        checks.number(f"norm of {name}", float(np.linalg.norm(state)), minimum=1 - 1e-6, maximum=1 + 1e-6)
    overlap = float(psi @ other)
    return float(((psi - overlap * other) ** 2).sum())


def _ring(spins: int) -> tuple[Float[np.ndarray, "state spin"], Float[np.ndarray, " state"]]:
    """States and their sums of neighbours' products."""
    states = spin_states(checks.count("spins", spins, minimum=3, maximum=12))
    return states, (states * np.roll(states, -1, axis=1)).sum(1)
