r"""A field passes the point where particles become massless, makes them, and is held by them (Kofman et al., hep-th/0403001).

A complex field :math:`\phi` gives a real field :math:`\chi` the mass :math:`g|\phi|`. Each mode of :math:`\chi` is an oscillator, and all
of them together pull at :math:`\phi` (Hartree approximation, no expansion of space, :math:`\hbar = c = 1`):

.. math:: \ddot\chi_k + W_k^2\chi_k = 0, \quad W_k^2 = k^2 + g^2|\phi|^2, \qquad
          \ddot\phi = -g^2\phi\int_0^{k_{\max}}\frac{k^2\,dk}{2\pi^2}\Big(|\chi_k|^2 - \frac1{2W_k}\Big) .

The subtraction is the vacuum's share; with it the energy

.. math:: \tfrac12|\dot\phi|^2 + \int\frac{k^2\,dk}{4\pi^2}\big(|\dot\chi_k|^2 + W_k^2|\chi_k|^2 - W_k\big)

is conserved. Modes start in the adiabatic vacuum of first order, and their numbers are counted in the same basis,
:math:`n_k = |\dot\chi_k + (iW_k + \dot W_k/2W_k)\chi_k|^2/2W_k`. For one pass with speed v at the distance mu the modes are parabolic
cylinder functions, with :math:`n_k = e^{-\pi(k^2 + g^2\mu^2)/gv}`.
"""

from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

import numpy as np
from jaxtyping import Complex, Float
from scipy.integrate import solve_ivp

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import NotConverged

__all__ = ["Orbit", "orbit"]

MOST_EVALUATIONS = 50_000


@checked(empty=("turns",))
class Orbit(NamedTuple):
    """A field that is held: its path, the density of particles along it, the energy, and the places where it turns."""

    times: Float[np.ndarray, " time"]
    phi: Complex[np.ndarray, " time"]
    density: Float[np.ndarray, " time"]
    energy: Float[np.ndarray, " time"]
    turns: Complex[np.ndarray, " turn"]


@dataclass(frozen=True)
class _Modes:
    """The modes of chi: momenta k and weights dk k^2 / 2 pi^2; a state is (phi, phi', chi_k, chi_k')."""

    g: float
    k: np.ndarray
    weight: np.ndarray

    def split(self, state: np.ndarray) -> tuple[complex, complex, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return phi, phi', chi, chi', the frequencies and their slopes."""
        phi, speed = complex(state[0]), complex(state[1])
        chi, slope = np.split(state[2:], 2)
        frequency = np.sqrt(self.k**2 + (self.g * abs(phi)) ** 2)
        return phi, speed, chi, slope, frequency, self.g**2 * (phi.conjugate() * speed).real / frequency

    def slopes(self, _: float, state: np.ndarray) -> np.ndarray:
        """The equations of motion."""
        phi, speed, chi, slope, frequency = self.split(state)[:5]
        pull = float(self.weight @ (chi.real**2 + chi.imag**2 - 0.5 / frequency))
        return np.concatenate([[speed, -(self.g**2) * pull * phi], slope, -(frequency**2) * chi])

    def density(self, state: np.ndarray) -> float:
        """Number of particles, of first order in the adiabatic basis."""
        _, _, chi, slope, frequency, change = self.split(state)
        return float(self.weight @ (abs(slope + (1j * frequency + change / (2 * frequency)) * chi) ** 2 / (2 * frequency)))

    def energy(self, state: np.ndarray) -> float:
        """Energy of the field and of the particles, without that of the vacuum."""
        _, speed, chi, slope, frequency, _ = self.split(state)
        return float(abs(speed) ** 2 / 2 + self.weight @ (abs(slope) ** 2 + frequency**2 * abs(chi) ** 2 - frequency) / 2)


@checked
def orbit(g: float, v: float, mu: float = 0.0, turns: int = 1, modes: int = 96, cutoff: float = 3.5) -> Orbit:
    r"""Send the field from the left past the origin, and follow it to a number of turning points along its path.

    Parameters
    ----------
    g : float
        Coupling, above 0; the first turning point grows like :math:`e^{\pi g\mu^2/v}`.
    v, mu : float
        Speed, above 0, and the distance at which it would pass the origin.
    modes, cutoff : int, float
        Points of the Gauss rule for the momenta, which reach up to cutoff times :math:`\sqrt{gv}`. Each further turn needs more points.

    Raises
    ------
    NotConverged
        If the field has not turned after 300 times the time :math:`1/\sqrt{gv}` for each turn, or 50 000 evaluations.

    Examples
    --------
    >>> orbit(4.0, 1.0).turns.real.round(2)
    array([4.09])
    """
    for name, value in (("g", g), ("v", v), ("cutoff", cutoff)):
        checks.number(name, value, above=0)
    checks.number("mu", mu, minimum=0)
    checks.count("turns", turns)
    checks.count("modes", modes, minimum=8)
    scale = float(np.sqrt(g * v))
    nodes, weights = np.polynomial.legendre.leggauss(modes)
    k = (nodes + 1) / 2 * cutoff * scale
    system = _Modes(g, k, weights / 2 * cutoff * scale * k**2 / (2 * np.pi**2))
    begin = 8 / scale
    start = np.concatenate([[-v * begin + 1j * mu, v], np.ones(2 * modes)]).astype(complex)
    *_, frequency, change = system.split(start)
    chi = 1 / np.sqrt(2 * frequency)
    start[2:] = np.concatenate([chi, -(1j * frequency + change / (2 * frequency)) * chi])

    evaluations = count()

    def slopes(time: float, state: np.ndarray) -> np.ndarray:
        if next(evaluations) >= MOST_EVALUATIONS:
            raise NotConverged("the orbit", f"time {time:.4g} after {MOST_EVALUATIONS} evaluations", "raise g, or take fewer turns")
        return system.slopes(time, state)

    def turning(_: float, state: np.ndarray) -> float:
        return float(state[1].real)

    turning.terminal = turns  # type: ignore[attr-defined]
    found = solve_ivp(slopes, (-begin, 300 * turns / scale), start, "DOP853", rtol=1e-8, atol=1e-10, events=turning)
    if found.status != 1:
        remedy = "raise the coupling g, or let the field pass nearer to the origin"
        raise NotConverged("the orbit", f"{len(found.t_events[0])} of {turns} turning points", remedy)
    states = found.y.T
    densities, energies = (np.array([measure(state) for state in states]) for measure in (system.density, system.energy))
    return Orbit(found.t, states[:, 0], densities, energies, found.y_events[0][:, 0])
