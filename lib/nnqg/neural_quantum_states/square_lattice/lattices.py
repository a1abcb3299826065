r"""The square lattice of L x L spins on a torus, L even: its 2N bonds, its 8N symmetries, its distances.

Site :math:`i = Lx + y`. A symmetry turns or reflects about the origin (p = 0..7) and then shifts by t; Marshall's signs, which need
an even L, are taken out of every state here, so that all amplitudes are positive. Energies are in units of J, with
:math:`\vec S = \vec\sigma/2`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["SquareLattice", "checked_spins", "random_spins", "spin_wave_factor"]


@checked
@dataclass(frozen=True)
class SquareLattice:
    """An even torus of at least 4 x 4 sites.

    Examples
    --------
    >>> lattice = SquareLattice(4)
    >>> lattice.spins, lattice.bonds.shape, lattice.images.shape, lattice.distances
    (16, (32, 2), (8, 16, 16), 5)
    """

    length: int

    def __post_init__(self) -> None:
        checks.count("length", self.length, minimum=4)
        if self.length % 2:
            raise InvalidArgument("length", "an even number, for Marshall's signs on a torus", self.length, "take one row more or less")

    @property
    def spins(self) -> int:
        """The number of sites N."""
        return self.length**2

    @property
    def places(self) -> tuple[np.ndarray, np.ndarray]:
        """Row and column of each site."""
        x, y = np.divmod(np.arange(self.spins), self.length)
        return x, y

    def site(self, x: Int[np.ndarray, " *place"], y: Int[np.ndarray, " *place"]) -> Int[np.ndarray, " *place"]:
        """Return the number of the site at these coordinates, counted around the torus."""
        return x % self.length * self.length + y % self.length

    @cached_property
    def bonds(self) -> Int[np.ndarray, "bond 2"]:
        """Each site with its right and with its lower neighbour."""
        x, y = self.places
        ends = [self.site(x, y + 1), self.site(x + 1, y)]
        return np.concatenate([np.stack([np.arange(self.spins), end], 1) for end in ends])

    @cached_property
    def images(self) -> Int[np.ndarray, "8 spin spin"]:
        """Where the symmetry (p, t) brings site i: entry [p, t, i]."""
        x, y = self.places
        turned = [(x, y), (y, -x), (-x, -y), (-y, x), (-x, y), (x, -y), (y, x), (-y, -x)]
        return np.array([self.site(u + x[:, None], v + y[:, None]) for u, v in turned])

    @cached_property
    def distance(self) -> Int[np.ndarray, "spin spin"]:
        """Class of the distance of two sites, equal under all symmetries; 0 for a site and itself, 1 for neighbours."""
        step = abs(np.arange(self.length)[:, None] - np.arange(self.length))
        step, (x, y) = np.minimum(step, self.length - step), self.places
        across, down = step[np.ix_(x, x)], step[np.ix_(y, y)]
        far, near = np.maximum(across, down), np.minimum(across, down)
        return np.unique(far * self.length + near, return_inverse=True)[1].reshape(far.shape)

    @property
    def distances(self) -> int:
        """How many different distances there are, without zero."""
        return int(self.distance.max())


@checked
def spin_wave_factor(lattice: SquareLattice) -> Float[np.ndarray, " distance"]:
    r"""Return v(r) of the factor :math:`\exp\frac12\sum_{a\ne b}v(a - b)\,s_a s_b`, from linear spin waves, without a free parameter.

    .. math::

        v(r) = \frac1N\sum_{q\ne0} v_q\,e^{iq\cdot r}, \quad v_q = -\frac12\sqrt{\frac{1+\gamma_q}{1-\gamma_q}}, \quad
        \gamma_q = \tfrac12(\cos q_x + \cos q_y) .

    Examples
    --------
    >>> spin_wave_factor(SquareLattice(4)).round(3)
    array([-0.072,  0.062,  0.062,  0.072,  0.101])
    """
    wave = np.cos(2 * np.pi * np.arange(lattice.length) / lattice.length)
    gamma = (wave[:, None] + wave) / 2
    gamma[0, 0] = -1.0  # leaves q = 0 out: the total spin is zero
    v = np.fft.ifft2(-0.5 * np.sqrt(np.maximum(1 + gamma, 0) / (1 - gamma))).real.ravel()
    first = np.unique(lattice.distance[0], return_index=True)[1]
    return v[first][1:]


@checked
def random_spins(lattice: SquareLattice, chains: int, rng: np.random.Generator) -> Float[np.ndarray, "chain spin"]:
    """Return random starts with as many spins up as down.

    Examples
    --------
    >>> random_spins(SquareLattice(4), 3, np.random.default_rng(1)).sum(1)
    array([0., 0., 0.])
    """
    checks.count("chains", chains, maximum=10 * checks.MOST_STEPS)
    return rng.permuted(np.tile([1.0, -1.0], (chains, lattice.spins // 2)), axis=1)


@checked
def checked_spins(lattice: SquareLattice, s: Float[np.ndarray, "chain spin"]) -> Float[np.ndarray, "chain spin"]:
    """Return s if all spins are +1 or -1 and as many up as down.

    Examples
    --------
    >>> checked_spins(SquareLattice(4), np.tile([1.0, -1.0], (1, 8))).shape
    (1, 16)
    """
    checks.array("s", s, shape=(None, lattice.spins))
    if not (abs(s) == 1).all():
        raise InvalidArgument("s", "spins +1 or -1", f"values from {s.min():g} to {s.max():g}", "take 2 n - 1 of occupations n")
    if s.sum(1).any():
        raise InvalidArgument("s", "as many spins up as down", f"a total of {s.sum(1)[s.sum(1) != 0][0]:g}", "turn spins over")
    return s
