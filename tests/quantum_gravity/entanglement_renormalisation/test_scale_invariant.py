"""The layers against states written out, the energy against the exact one and against quimb, the gradient against differences."""

import itertools

import numpy as np
import pytest

from nnqg.errors import Diverged, InvalidArgument
from nnqg.quantum_gravity.entanglement_renormalisation import scale_invariant
from nnqg.quantum_gravity.entanglement_renormalisation.scale_invariant import Layer, Mera, parity, start, train

X, Z, ONE = np.array([[0.0, 1.0], [1.0, 0.0]]), np.diag([1.0, -1.0]), np.eye(2)
EXACT = -4 / np.pi


def ising(field=1.0):
    """-XX - field Z, the field shared between the two ends of a bond; legs [a, b, a', b']."""
    return (-np.kron(X, X) - field / 2 * (np.kron(Z, ONE) + np.kron(ONE, Z))).reshape(2, 2, 2, 2)


def random_mera(chi, seed=0):
    return start(ising(), chi, np.random.default_rng(seed), blocks=False)


def written_out(layer, state):
    """The state of a ring of n sites as a state of 3 n sites, with every tensor applied."""
    blocks, d = state.ndim, len(layer.u)
    for _ in range(blocks):  # one site is taken from the front, three are put at the end
        state = np.tensordot(state, layer.w, axes=(0, 3))
    for k in range(blocks):  # the last site of block k and the first of the next
        pair = 3 * k + 2, (3 * k + 3) % (3 * blocks)
        state = np.moveaxis(np.tensordot(layer.u.reshape(d, d, d, d), state, axes=((2, 3), pair)), (0, 1), pair)
    return state


def mean_of_term(state, term):
    """Mean of a two-site term over the bonds of a ring."""
    n, total = state.ndim, 0.0
    for k in range(n):
        pair = k, (k + 1) % n
        moved = np.moveaxis(np.tensordot(term, state, axes=((2, 3), pair)), (0, 1), pair)
        total += float((state * moved).sum()) / n
    return total


def random_state(d, sites, seed=1):
    state = np.random.default_rng(seed).standard_normal((d,) * sites)
    return state / np.linalg.norm(state)


@pytest.mark.parametrize(("chi", "blocks"), [(2, 2), (3, 2), (4, 2), (2, 4)])
def test_ascending_operator_is_that_of_the_state_written_out(chi, blocks):
    """Exact: on a ring of 2 or 4 coarse sites the mean of h over the fine bonds is the mean of A(h) over the coarse ones."""
    layer, top = random_mera(chi).layers[0], random_state(chi, blocks)
    rng = np.random.default_rng(2)
    term = rng.standard_normal((4, 4))
    term = (term + term.T).reshape(2, 2, 2, 2)
    assert mean_of_term(written_out(layer, top), term) == pytest.approx(mean_of_term(top, layer.ascend(term)), abs=1e-12)


def test_two_layers_are_those_of_eighteen_spins():
    lower, upper = random_mera(2).layers
    top = random_state(2, 2)
    spins = written_out(lower, written_out(upper, top))
    assert spins.shape == (2,) * 18
    assert mean_of_term(spins, ising()) == pytest.approx(mean_of_term(top, upper.ascend(lower.ascend(ising()))), abs=1e-12)


def test_quimb_contracts_the_same_network_to_the_same_energy():
    """Independent: quimb contracts <h> on 6 spins, with our tensors and its own index bookkeeping."""
    import quimb.tensor as qtn

    layer, top, term = random_mera(4).layers[0], random_state(4, 2), ising()

    def half(ends):
        u, w = layer.u, layer.w
        return [
            qtn.Tensor(top, ("A" + ends, "B" + ends)),
            qtn.Tensor(w, ("p0" + ends, "s1" + ends, "p2" + ends, "A" + ends)),
            qtn.Tensor(w, ("p3" + ends, "s4" + ends, "p5" + ends, "B" + ends)),
            qtn.Tensor(u, ("s2" + ends, "s3" + ends, "p2" + ends, "p3" + ends)),
            qtn.Tensor(u, ("s5" + ends, "s0" + ends, "p5" + ends, "p0" + ends)),
        ]

    total = 0.0
    for k in range(6):
        pair = k, (k + 1) % 6
        ket = qtn.TensorNetwork(half("k"))
        bra = qtn.TensorNetwork(half("b")).reindex({f"s{i}b": f"s{i}k" for i in range(6) if i not in pair})
        middle = qtn.Tensor(term, tuple(f"s{i}b" for i in pair) + tuple(f"s{i}k" for i in pair))
        total += float((ket & bra & middle).contract(optimize="greedy")) / 6
    assert total == pytest.approx(mean_of_term(top, layer.ascend(term)), abs=1e-12)


def test_descending_is_the_adjoint_of_ascending_and_both_keep_one():
    rng = np.random.default_rng(3)
    for layer in random_mera(3).layers:
        d, chi = layer.w.shape[2:]
        o, rho = rng.standard_normal((d,) * 4), rng.standard_normal((chi,) * 4)
        assert (layer.ascend(o) * rho).sum() == pytest.approx((o * layer.descend(rho)).sum(), abs=1e-12)
        one = np.eye(d * d).reshape((d,) * 4)
        assert np.allclose(layer.ascend(one), np.eye(chi * chi).reshape((chi,) * 4), atol=1e-12)


def test_layers_are_isometric_and_even():
    trained = train(ising(), random_mera(4), (5,)).mera
    for layer in (*random_mera(4).layers, *trained.layers):
        d, chi = layer.w.shape[2:]
        assert np.allclose(layer.u.reshape(d * d, -1).T @ layer.u.reshape(d * d, -1), np.eye(d * d), atol=1e-12)
        assert np.allclose(layer.w.reshape(d**3, -1).T @ layer.w.reshape(d**3, -1), np.eye(chi), atol=1e-12)
        signs = [parity(d)] * 3 + [parity(chi)]
        odd = np.einsum("a,b,c,d->abcd", *signs) < 0
        assert abs(layer.w[odd]).max() < 1e-14


def test_density_is_a_fixed_point_and_a_density():
    mera = random_mera(3)
    rho = mera.density(1)
    assert np.allclose(mera.layers[-1].descend(rho), rho, atol=1e-12)
    assert np.allclose(mera.layers[0].descend(rho), mera.density(0), atol=1e-12)
    for level, d in ((0, 2), (1, 3)):
        matrix = mera.density(level).reshape(d * d, d * d)
        assert np.trace(matrix) == pytest.approx(1, abs=1e-12)
        assert np.allclose(matrix, matrix.T, atol=1e-12) and np.linalg.eigvalsh(matrix).min() > -1e-12


def test_fixed_point_is_the_leading_eigenvector():
    layer = random_mera(2).layers[-1]
    matrix = np.array([layer.descend(e.reshape(2, 2, 2, 2)).ravel() for e in np.eye(16)]).T
    values, vectors = np.linalg.eig(matrix)
    leading = vectors[:, np.argmax(abs(values))].real.reshape(4, 4)
    assert max(abs(values)) == pytest.approx(1, abs=1e-12)
    assert np.allclose(leading / np.trace(leading), Mera((layer,)).density().reshape(4, 4), atol=1e-11)


@pytest.mark.parametrize("chi", [2, 3])
def test_gradient_is_the_slope_of_the_energy(chi):
    """Along turns of each tensor that stay isometric; the error of the differences is of order step^2."""
    mera = train(ising(), random_mera(chi), (3, 3)).mera
    slopes = mera.slopes(ising())
    rng = np.random.default_rng(4)
    for k, name in itertools.product(range(len(mera.layers)), ("u", "w")):
        tensor = getattr(mera.layers[k], name)
        rows = len(tensor) ** (2 if name == "u" else 3)
        turn = rng.standard_normal((rows, rows))
        turn = turn - turn.T

        def moved(step, k=k, name=name, tensor=tensor, rows=rows, turn=turn):
            half = step / 2 * turn
            cayley = np.linalg.solve(np.eye(rows) - half, np.eye(rows) + half)
            new = (cayley @ tensor.reshape(rows, -1)).reshape(tensor.shape)
            layers = list(mera.layers)
            layers[k] = Layer(new, layers[k].w) if name == "u" else Layer(layers[k].u, new)
            return Mera(tuple(layers)).energy(ising())

        differences = [(moved(step) - moved(-step)) / (2 * step) for step in (2e-3, 1e-3)]
        slope = (slopes[2 * k + (name == "w")].reshape(rows, -1) * (turn @ tensor.reshape(rows, -1))).sum()
        assert (4 * differences[1] - differences[0]) / 3 == pytest.approx(slope, abs=1e-6)
        assert abs(differences[0] - slope) < 1e-4 or 3.5 < (differences[0] - slope) / (differences[1] - slope) < 4.5


def test_energy_is_never_below_the_exact_one():
    for chi, seed in itertools.product((2, 4), range(2)):
        assert random_mera(chi, seed).energy(ising()) > EXACT
        trained = train(ising(), start(ising(), chi, np.random.default_rng(seed)), (15, 15))
        assert min(trained.energies) > EXACT - 1e-8
        assert trained.mera.energy(ising()) == pytest.approx(trained.energies.min(), abs=1e-7)


def test_a_product_state_is_found_exactly():
    field = (-np.kron(Z, ONE) / 2 - np.kron(ONE, Z) / 2).reshape(2, 2, 2, 2)
    assert train(field, start(field, 2, np.random.default_rng(0)), (30,)).energies[-1] == pytest.approx(-1, abs=1e-8)


def test_one_layer_more_begins_at_the_same_energy():
    mera = train(ising(), random_mera(3), (10,)).mera
    deeper = Mera((*mera.layers, mera.layers[-1]))
    assert deeper.energy(ising()) == pytest.approx(mera.energy(ising()), abs=1e-12)


@pytest.fixture(scope="module")
def critical():
    """One start at chi = 4; about a second."""
    return train(ising(), start(ising(), 4, np.random.default_rng(0)), (100, 250))


def test_critical_chain_to_the_promised_accuracy(critical):
    mera = critical.mera
    assert 0 < 1 - mera.energy(ising()) / EXACT < 5e-5
    w = mera.layers[-1].w
    scaling = np.einsum("abce,adcf->bdef", w, w).reshape(16, 16)
    sign = np.outer(parity(4), parity(4)).ravel()
    odd, even = (np.sort(abs(np.linalg.eigvals(scaling[np.ix_(sign == s, sign == s)])))[::-1] for s in (-1, 1))
    assert -np.log(odd[0]) / np.log(3) == pytest.approx(1 / 8, rel=0.08)  # one start: other rounding ends at .118
    assert even[0] == pytest.approx(1, abs=1e-10) and -np.log(even[1]) / np.log(3) == pytest.approx(1, rel=0.06)


def entropy(matrix):
    p = np.linalg.eigvalsh(matrix)
    p = p[p > 1e-14]
    return -(p * np.log(p)).sum()


def test_quimb_finds_the_same_chain_on_a_ring_of_eight(critical):
    """Independent: quimb's binary MERA and optimiser on 8 sites; the ring has e - pi c v / 6 L^2 with v = 2, here from our e and c."""
    quimb = pytest.importorskip("quimb")
    import quimb.tensor as qtn

    mera = critical.mera
    rho = mera.density(len(mera.layers) - 1)
    one = (np.einsum("abcb->ac", rho) + np.einsum("abac->bc", rho)) / 2
    charge = 3 * (entropy(rho.reshape(16, 16)) - entropy(one)) / np.log(2)
    assert charge == pytest.approx(0.5, rel=0.02)
    expected = mera.energy(ising()) - np.pi * charge * 2 / (6 * 8**2)

    def loss(network, term):
        def bond(k):
            where = k, (k + 1) % 8
            cone = network.select([network.site_tag(i) for i in where], "any")
            return (cone.gate(term, where) & cone.H).contract(all, optimize="greedy")

        return sum(bond(k) for k in range(8)) / 8

    quimb.seed_rand(1)
    optimiser = qtn.TNOptimizer(
        qtn.MERA.rand(8, max_bond=4, dtype="float64"),
        loss_fn=loss,
        norm_fn=lambda network: network.isometrize(method="cayley"),
        loss_constants={"term": ising().reshape(4, 4)},
        autodiff_backend="torch",
        optimizer="L-BFGS-B",
        progbar=False,
    )
    optimiser.optimize(200)
    assert optimiser.loss == pytest.approx(expected, rel=1e-3)
    exact = -2 / 8 / np.sin(np.pi / 16)  # free fermions on a ring of 8
    assert exact - 1e-9 < optimiser.loss and exact == pytest.approx(expected, rel=1e-3)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: start(ising(), 1, np.random.default_rng(0)), "chi"),
        (lambda: start(ising(), 9, np.random.default_rng(0)), "chi"),
        (lambda: start(ising(), 4, np.random.default_rng(0), noise=-0.1), "noise"),
        (lambda: start(np.kron(X, ONE).reshape(2, 2, 2, 2), 4, np.random.default_rng(0)), "term"),
        (lambda: start(ising().reshape(4, 4), 4, np.random.default_rng(0)), "term"),
        (lambda: start(np.full((2, 2, 2, 2), np.nan), 4, np.random.default_rng(0)), "term"),
        (lambda: train(ising(), random_mera(2), (0,)), "steps"),
        (lambda: parity(0), "d"),
        (lambda: Layer(np.ones((2, 2, 2, 2)), random_mera(2).layers[0].w), "u"),
        (lambda: Layer(random_mera(2).layers[0].u, np.ones((2, 2, 2, 2))), "w"),
        (lambda: Layer(random_mera(3).layers[1].u, random_mera(2).layers[0].w), "w"),
        (lambda: Mera(()), "layers"),
        (lambda: Mera(random_mera(3).layers[:1]), "layers"),
        (lambda: random_mera(2).density(2), "level"),
        (lambda: random_mera(2).energy(np.ones((3, 3, 3, 3))), "term"),
        (lambda: random_mera(2).layers[0].ascend(np.ones((3, 3, 3, 3))), "o"),
        (lambda: random_mera(2).layers[0].descend(np.ones((3, 3, 3, 3))), "rho"),
    ],
)
def test_bad_input(call, word):
    with pytest.raises(InvalidArgument, match=f"^{word}:"):
        call()


@pytest.mark.bad_input
def test_a_fixed_point_that_is_not_reached_is_an_error(monkeypatch):
    monkeypatch.setattr(scale_invariant, "MOST", 2)
    with pytest.raises(Diverged, match="fixed point"):
        random_mera(3).density()
