r"""The scale-invariant ternary MERA of a critical chain: energy, exact gradient, training (0707.1454, 0810.0580).

A layer has a disentangler :math:`u_{ab,pq}` across each border of blocks and an isometry :math:`w_{abc,p}` on each block of three:

::

       a           b             coarse sites
      _w_         _w_
     / | \       / | \
    |  |  p\ u /q  |  |
    1  2  3     4  5  6          fine sites

A two-site operator becomes a two-site operator one layer up, :math:`h' = \mathcal A(h)`, the mean over its three positions; the
density matrix of two neighbours comes down by the adjoint, :math:`\rho = \mathcal D(\rho')`. After the transitional layers one layer is
repeated for ever, so its density is the fixed point :math:`\rho^* = \mathcal D(\rho^*)`, and the energy per site is that of an infinite
chain, never below the exact one. With the effective term :math:`h^*` below the repeated layers the gradient by that layer is
:math:`\langle\rho^*, \delta\mathcal A(H)\rangle` with :math:`H = \sum_n \mathcal A^n(h^* - E)`; no layer is cut off.

Tensors are real. The first half of the states of each bond is even, the second odd under the product of all Z, and tensors keep this
parity. Two-site operators are :math:`o_{ab,a'b'}`; inside this module they are matrices :math:`o_{aa',bb'}`, so that a layer is a few
products of matrices, :math:`O(\chi^8)` in all. Derived on *Entanglement renormalisation*.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float
from scipy.optimize import minimize

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import Diverged, InvalidArgument

__all__ = ["Layer", "Mera", "Training", "parity", "start", "train"]

Array = np.ndarray
Operator = Float[np.ndarray, "d d d d"]
CLOSE, MOST = 1e-8, 2000


@checked
def parity(d: int) -> Float[np.ndarray, " d"]:
    """Return the parities of the d states of a bond: the first half even, +1, the second odd, -1.

    Examples
    --------
    >>> parity(3)
    array([ 1.,  1., -1.])
    """
    return np.repeat([1.0, -1.0], [checks.count("d", d) - d // 2, d // 2])


def _exchange(o: Array) -> Array:
    """Turn the matrix o[ab, a'b'] into the matrix o[aa', bb'], or back."""
    d = round(o.size**0.25)
    return o.reshape(d, d, d, d).transpose(0, 2, 1, 3).reshape(d * d, d * d)


class _Side:
    """The part of a layer above an operator on the sites (2, 3), or, with mirrored tensors, on (5, 4)."""

    def __init__(self, u: Array, w: Array) -> None:
        d, chi = w.shape[0], w.shape[3]
        self.u, self.w = u, w
        far, near = np.tensordot(w, w, ((1, 2), (1, 2))), np.tensordot(w, w, (0, 0))
        self.far = far.transpose(0, 2, 1, 3).reshape(d * d, chi * chi)  # qq', bb'
        self.near = near.transpose(0, 3, 1, 4, 2, 5).reshape(d**4, chi * chi)  # 22'pp', aa'
        self.corner = np.tensordot(u, u, (1, 1)).transpose(0, 3, 1, 4, 2, 5).reshape(d**4, d * d)  # 33'pp', qq'
        self.rest = (self.corner @ self.far).reshape(d * d, d * d * chi * chi)  # 33', pp'bb'

    def ascend(self, o: Array) -> Array:
        return self.near.T @ (o @ self.rest).reshape(len(self.near), -1)

    def descend(self, rho: Array) -> Array:
        return (self.near @ rho).reshape(len(self.rest), -1) @ self.rest.T

    def gradient(self, o: Array, rho: Array, by_far: Array) -> tuple[Array, Array]:
        """Return the slopes of <rho, ascend(o)> by u and w; ``by_far`` is the slope by ``far`` that comes from elsewhere."""
        d, chi = self.w.shape[0], self.w.shape[3]
        by_near = (o @ self.rest).reshape(d**4, chi * chi) @ rho.T
        by_rest = (o.T @ (self.near @ rho).reshape(d * d, -1)).reshape(d**4, chi * chi)
        by_far = by_far + self.corner.T @ by_rest
        by_corner = (by_rest @ self.far.T).reshape(d, d, d, d, d, d).transpose(0, 2, 4, 1, 3, 5).reshape(d**3, d**3)
        by_u = (by_corner @ self.u.transpose(0, 2, 3, 1).reshape(d**3, d)).reshape(d, d, d, d).transpose(0, 3, 1, 2)
        near = by_near.reshape(d, d, d, d, chi, chi).transpose(0, 2, 4, 1, 3, 5).reshape(d * d * chi, d * d * chi)
        far = by_far.reshape(d, d, chi, chi).transpose(0, 2, 1, 3).reshape(d * chi, d * chi)
        by_w = (self.w.reshape(d, -1) @ near.T).reshape(self.w.shape)
        by_w = by_w + (far @ self.w.transpose(0, 3, 1, 2).reshape(d * chi, d * d)).reshape(d, chi, d, d).transpose(0, 2, 3, 1)
        return 2 * by_u, 2 * by_w


@checked
@dataclass(frozen=True)
class Layer:
    r"""A unitary u[a, b, p, q] and an isometry w[a, b, c, p], the last one or two indices above.

    Examples
    --------
    >>> layer = Layer(np.eye(4).reshape(2, 2, 2, 2), np.eye(8)[:, [0, 7]].reshape(2, 2, 2, 2))
    >>> one = np.eye(4).reshape(2, 2, 2, 2)
    >>> bool(np.allclose(layer.ascend(one), one))
    True
    """

    u: Float[np.ndarray, "d d d d"]
    w: Float[np.ndarray, "d d d chi"]

    def __post_init__(self) -> None:
        d, chi = checks.array("w", self.w, shape=("d", "d", "d", None)).shape[2:]
        checks.array("u", self.u, shape=(d, d, d, d))
        for name, matrix in (("u", self.u.reshape(d * d, d * d)), ("w", self.w.reshape(d**3, chi))):
            if not np.allclose(matrix.T @ matrix, np.eye(matrix.shape[1]), atol=1e-8):
                raise InvalidArgument(name, "an isometry", "columns that are not orthonormal", "take the polar factor")

    @cached_property
    def sides(self) -> tuple[_Side, _Side]:
        """What is above the sites (2, 3), and what is above (5, 4)."""
        return _Side(self.u, self.w), _Side(self.u.transpose(1, 0, 3, 2), self.w.transpose(2, 1, 0, 3))

    def middle(self, o: Array, up: bool = True) -> Array:
        """Return u' o u, or u o u' downwards, of an operator on the sites (3, 4)."""
        u = self.u.reshape(len(self.u) ** 2, -1)
        checks.array("o", o, shape=u.shape)
        return _exchange(u.T @ _exchange(o) @ u if up else u @ _exchange(o) @ u.T)

    def up(self, o: Array) -> Array:
        """Return `ascend` of a matrix o[aa', bb']."""
        left, right = self.sides
        checks.array("o", o, shape=(len(self.u) ** 2,) * 2)
        return (left.ascend(o) + right.ascend(o.T).T + right.far.T @ self.middle(o) @ left.far) / 3

    def down(self, rho: Array) -> Array:
        """Return `descend` of a matrix rho[aa', bb']."""
        left, right = self.sides
        checks.array("rho", rho, shape=(self.w.shape[3] ** 2,) * 2)
        return (left.descend(rho) + right.descend(rho.T).T + self.middle(right.far @ rho @ left.far.T, up=False)) / 3

    def gradient(self, o: Array, rho: Array) -> tuple[Array, Array]:
        """Return the slopes of <rho, up(o)> by u and by w."""
        checks.array("rho", rho, shape=(self.w.shape[3] ** 2,) * 2)
        d, (left, right), middle = len(self.u), self.sides, self.middle(o)
        by_u, by_w = left.gradient(o, rho, middle.T @ right.far @ rho)
        mirrored_u, mirrored_w = right.gradient(o.T, rho.T, middle @ left.far @ rho.T)
        by_middle = _exchange(right.far @ rho @ left.far.T)
        by_u = by_u + 2 * (_exchange(o) @ self.u.reshape(d * d, d * d) @ by_middle).reshape(self.u.shape)
        return (by_u + mirrored_u.transpose(1, 0, 3, 2)) / 3, (by_w + mirrored_w.transpose(2, 1, 0, 3)) / 3

    def ascend(self, o: Float[np.ndarray, "d d d d"]) -> Float[np.ndarray, "chi chi chi chi"]:
        """Return the two-site operator one layer up, the mean over its three positions."""
        d, chi = self.w.shape[2:]
        return _exchange(self.up(_exchange(checks.array("o", o, shape=(d, d, d, d))))).reshape(chi, chi, chi, chi)

    def descend(self, rho: Float[np.ndarray, "chi chi chi chi"]) -> Float[np.ndarray, "d d d d"]:
        """Return the density matrix of two neighbours one layer down, the mean over their three positions."""
        d, chi = self.w.shape[2:]
        return _exchange(self.down(_exchange(checks.array("rho", rho, shape=(chi, chi, chi, chi))))).reshape(d, d, d, d)


def _iterate(step: Callable[[Array], Array], x: Array, close: float) -> Array:
    """Return the fixed point of a map."""
    for _ in range(MOST):
        before, x = x, step(x)
        if abs(x - before).max() < close:
            return x
    raise Diverged("the fixed point of a layer", f"{MOST} steps", "begin at other tensors; this layer correlates all distances alike")


@checked
@dataclass(frozen=True)
class Mera:
    """Transitional layers, and as the last one the layer that is repeated for ever."""

    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        dims = [layer.w.shape[2:] for layer in self.layers]
        above = [after[0] for after in dims[1:]] + [dims[-1][0]] if dims else []
        if not dims or [dim[1] for dim in dims] != above:
            raise InvalidArgument(
                "layers", "layers that fit on each other, the last one on itself", dims, "give each w the legs of the next u"
            )

    def density(self, level: int = 0) -> Operator:
        """Return the density matrix of two neighbours; level 0 are the spins, the last one is the fixed point."""
        level = checks.count("level", level, minimum=0, maximum=len(self.layers) - 1)
        one = np.eye(self.layers[-1].w.shape[3]).ravel() / self.layers[-1].w.shape[3]
        rho = _iterate(self.layers[-1].down, np.outer(one, one), 1e-14)
        for layer in self.layers[level:-1][::-1]:
            rho = layer.down(rho)
        d = len(self.layers[level].u)
        return _exchange(rho).reshape(d, d, d, d)

    def energy(self, term: Operator) -> float:
        """Return the energy per site of an infinite chain with this two-site term."""
        return float((self.density() * checks.array("term", term, shape=self.layers[0].u.shape)).sum())

    def slopes(self, term: Operator) -> list[Float[np.ndarray, "..."]]:
        """Return the slopes of the energy by u and w of each layer, in this order, as if their entries were free."""
        o = _exchange(checks.array("term", term, shape=self.layers[0].u.shape))
        return _energy_and_slopes(self.layers, o, _first_guess(self.layers[-1].w.shape[3]))[1]


def _first_guess(chi: int) -> tuple[Array, Array]:
    """Return a density and an H to begin with."""
    return np.outer(np.eye(chi).ravel(), np.eye(chi).ravel()), np.zeros((chi**2, chi**2))


def _energy_and_slopes(
    layers: tuple[Layer, ...], term: Array, guess: tuple[Array, Array]
) -> tuple[float, list[Array], tuple[Array, Array]]:
    """Return the energy, its slopes by u and w of each layer, and density and H of the last layer as the next guess."""
    *transitional, last = layers
    one = np.eye(last.w.shape[3]).ravel()

    def summed(H: Array) -> Array:
        H = terms[-1] - energy * np.outer(one, one) + last.up(H)
        return H - (rho * H).sum() * np.outer(one, one)

    rho = _iterate(last.down, guess[0] / (one @ guess[0] @ one), CLOSE)
    terms = [term]
    for layer in transitional:
        terms.append(layer.up(terms[-1]))
    energy = float((rho * terms[-1]).sum())
    H = _iterate(summed, guess[1], 30 * CLOSE)
    slopes, below = [*last.gradient(H, rho)], rho
    for layer, o in zip(transitional[::-1], terms[-2::-1], strict=True):
        slopes = [*layer.gradient(o, below), *slopes]
        below = layer.down(below)
    return energy, slopes, (rho, H)


def _polar(x: Array, legs_below: int) -> tuple[Array, Callable[[Array], Array]]:
    """Return the isometry nearest to a tensor, and the map from slopes by the isometry to slopes by the tensor."""
    a, s, b = np.linalg.svd(x.reshape(x.shape[0] ** legs_below, -1), full_matrices=False)

    def back(slope: Array) -> Array:
        turned = slope.reshape(len(a), -1) @ b.T
        along = a.T @ turned
        inside = a @ ((along - along.T) / (s[:, None] + s)) @ b
        return (inside + (turned - a @ along) / s @ b).reshape(x.shape)

    return (a @ b).reshape(x.shape), back


def _even(shape: tuple[int, ...]) -> Array:
    """Return which entries of a tensor keep the parity."""
    signs = np.ones(())
    for d in shape:
        signs = np.multiply.outer(signs, parity(d))
    return signs > 0


def _lowest(o: Array, chi: int) -> Array:
    """Return the chi lowest states of a block of three with the term o[aa', bb'], half of them even: Kadanoff's block."""
    d = round(o.size**0.25)
    block = np.kron(_exchange(o), np.eye(d)) + np.kron(np.eye(d), _exchange(o))
    signs = np.multiply.outer(np.multiply.outer(parity(d), parity(d)), parity(d)).ravel()
    w = np.zeros((d**3, chi))
    for sign in (1.0, -1.0):
        rows, columns = np.flatnonzero(signs == sign), np.flatnonzero(parity(chi) == sign)
        w[np.ix_(rows, columns)] = np.linalg.eigh(block[np.ix_(rows, rows)])[1][:, : len(columns)]
    return w.reshape(d, d, d, chi)


def _check_term(term: Operator, chi: int) -> Array:
    """Return the term as a matrix o[aa', bb'], if it is symmetric and even, and three spins have chi states."""
    matrix = checks.array("term", term, shape=(2, 2, 2, 2)).reshape(4, 4)
    if not np.allclose(matrix, matrix.T) or abs(term[~_even(term.shape)]).max() > 0:
        raise InvalidArgument(
            "term", "a symmetric operator that keeps the product of Z", "another one", "turn the spins, or add its transpose"
        )
    if not 2 <= checks.count("chi", chi) <= 2**3:
        raise InvalidArgument("chi", "2 to 8 states, as three spins have 8", chi, "choose fewer, or make a longer chain one site before")
    return _exchange(matrix)


@checked
@dataclass(frozen=True)
class Training:
    """A trained MERA, and the energy at each evaluation on the way."""

    mera: Mera
    energies: Float[np.ndarray, " evaluation"]


@checked
def start(term: Operator, chi: int, rng: np.random.Generator, noise: float = 0.2, blocks: bool = True) -> Mera:
    """Return one transitional and one repeated layer: Kadanoff's blocks with noise, or without ``blocks`` random isometries.

    A block keeps the lowest states of its own three sites; the disentanglers begin as the identity, with noise.

    Examples
    --------
    >>> from nnqg.random_numbers import streams
    >>> Z = np.diag([1.0, -1.0])
    >>> len(start(-np.kron(Z, Z).reshape(2, 2, 2, 2), 4, streams(7, "start")["start"]).layers)
    2
    """
    o, layers = _check_term(term, chi), []
    noise = checks.number("noise", noise, minimum=0.0)
    for d in (2, chi):
        w = _lowest(o, chi)
        o = Layer(np.eye(d * d).reshape(d, d, d, d), w).up(o)
        tensors = [np.eye(d * d).reshape(d, d, d, d), w if blocks else np.zeros_like(w)]
        tensors = [(t + noise / d * rng.standard_normal(t.shape)) * _even(t.shape) for t in tensors]
        layers.append(Layer(_polar(tensors[0], 2)[0], _polar(tensors[1], 3)[0]))
    return Mera(tuple(layers))


class _Objective:
    """Energy and gradient as functions of the even entries of tensors whose polar factors are the layers' u and w."""

    def __init__(self, layers: tuple[Layer, ...], term: Array) -> None:
        tensors = [tensor for layer in layers for tensor in (layer.u, layer.w)]
        self.term, self.masks, chi = term, [_even(tensor.shape) for tensor in tensors], tensors[-1].shape[3]
        self.cuts = np.cumsum([mask.sum() for mask in self.masks])[:-1]
        self.start = np.concatenate([tensor[mask] for tensor, mask in zip(tensors, self.masks, strict=True)])
        self.guess = _first_guess(chi)
        self.energies: list[float] = []

    def isometries(self, x: Array) -> tuple[tuple[Layer, ...], list[Callable[[Array], Array]]]:
        """Return the layers, and the way back of each slope."""
        polar = []
        for k, (mask, entries) in enumerate(zip(self.masks, np.split(x, self.cuts), strict=True)):
            tensor = np.zeros(mask.shape)
            tensor[mask] = entries
            polar.append(_polar(tensor, 2 + k % 2))
        tensors = [tensor for tensor, _ in polar]
        return tuple(Layer(u, w) for u, w in zip(tensors[::2], tensors[1::2], strict=True)), [back for _, back in polar]

    def __call__(self, x: Array) -> tuple[float, Array]:
        layers, backs = self.isometries(x)
        energy, slopes, self.guess = _energy_and_slopes(layers, self.term, self.guess)
        self.energies.append(energy)
        return energy, np.concatenate([back(slope)[mask] for back, slope, mask in zip(backs, slopes, self.masks, strict=True)])


@checked
def train(term: Operator, mera: Mera, steps: tuple[int, ...] = (100, 300)) -> Training:
    """Minimise the energy by so many steps of L-BFGS; before each further entry the repeated layer is copied as a transitional one.

    The variables are tensors that keep the parity; u and w are their polar factors, so that no step leaves the isometries.

    Examples
    --------
    >>> from nnqg.random_numbers import streams
    >>> X = np.array([[0.0, 1.0], [1.0, 0.0]])
    >>> term = -np.kron(X, X).reshape(2, 2, 2, 2)
    >>> bool(train(term, start(term, 2, streams(7, "start")["start"]), (30,)).energies[-1] < -0.99)
    True
    """
    energies: list[float] = []
    o, layers = _check_term(term, mera.layers[-1].w.shape[3]), mera.layers
    for stage, most in enumerate(steps):
        objective = _Objective(layers if stage == 0 else (*layers, layers[-1]), o)
        settings = {"maxiter": checks.count("steps", most), "maxfun": 2 * most, "maxcor": 20, "ftol": 0.0, "gtol": CLOSE}
        found = minimize(objective, objective.start, jac=True, method="L-BFGS-B", options=settings)
        layers, energies = objective.isometries(found.x)[0], energies + objective.energies
    return Training(Mera(layers), np.array(energies))
