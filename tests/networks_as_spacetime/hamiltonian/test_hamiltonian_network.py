"""Learned Hamiltonians: rates against gradients of the energy, orders, areas, and what bad input says."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.hamiltonian import hamiltonian_network as hn
from nnqg.networks_as_spacetime.hamiltonian.oscillators import DOUBLE_WELL, flow

SEEDS = 3


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def states(points=5, seed=1):
    return torch.randn(SEEDS, points, 2, generator=generator(seed), dtype=torch.float64)


class TrueWell:
    """The double well as the layers see it."""

    @staticmethod
    def velocity(p):
        return p

    @staticmethod
    def force(q):
        return q - q**3


MODELS = [hn.SeparableHamiltonian, hn.GeneralHamiltonian]


@pytest.mark.parametrize("model", MODELS)
def test_field_is_the_rotated_gradient_of_the_energy(model):
    hamiltonian, state = model(SEEDS, 7, generator()), states().requires_grad_()
    gradient = torch.autograd.grad(hamiltonian.energy(state).sum(), state)[0]
    expected = torch.stack([gradient[..., 1], -gradient[..., 0]], dim=-1)
    if model is hn.GeneralHamiltonian:
        rates = hamiltonian.field(state)
    else:
        rates = torch.cat([hamiltonian.velocity(state[..., 1:]), hamiltonian.force(state[..., :1])], dim=-1)
    assert torch.allclose(rates, expected, atol=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_members_of_an_ensemble_do_not_feel_each_other(model):
    hamiltonian, state = model(SEEDS, 7, generator()), states()
    before = hamiltonian.energy(state)
    with torch.no_grad():
        next(iter(hamiltonian.parameters()))[0] += 1
    after = hamiltonian.energy(state)
    assert torch.equal(before[1:], after[1:]) and not torch.equal(before[0], after[0])


@pytest.mark.parametrize(("model", "weights"), [(hn.SeparableHamiltonian, 6), (hn.GeneralHamiltonian, 4)])
def test_number_of_weights_is_as_documented(model, weights):
    assert sum(weight.numel() for weight in model(SEEDS, 7, generator()).parameters()) == SEEDS * 7 * weights


@pytest.mark.parametrize(("kind", "order"), [("symplectic euler", 1), ("leapfrog", 2)])
def test_order_against_the_exact_flow(kind, order):
    starts = np.array([[1.2, 0.3], [0.5, -0.4]])
    goal = flow(DOUBLE_WELL, starts, np.array([2.0]))[0]
    errors = []
    for layers in (20, 40):
        network = hn.HamiltonianNetwork(TrueWell(), kind, interval=1.0, layers=layers)
        errors.append(np.abs(network(torch.tensor(starts)[None], 2)[-1, 0].numpy() - goal).max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.3)


@pytest.mark.parametrize("kind", ["symplectic euler", "leapfrog"])
def test_layers_of_a_learned_hamiltonian_preserve_areas(kind):
    network = hn.HamiltonianNetwork(hn.SeparableHamiltonian(1, 7, generator()), kind, interval=0.8, layers=3)
    jacobian = torch.autograd.functional.jacobian(lambda z: network.advance(z.reshape(1, 1, 2))[0, 0], torch.tensor([0.4, -0.7]).double())
    assert torch.linalg.det(jacobian).item() == pytest.approx(1, abs=1e-12)


def test_merged_half_kicks_are_leapfrog_steps():
    hamiltonian, start = hn.SeparableHamiltonian(SEEDS, 7, generator()), states()
    merged = hn.HamiltonianNetwork(hamiltonian, "leapfrog", interval=0.6, layers=3)(start, 1)[-1]
    single = hn.HamiltonianNetwork(hamiltonian, "leapfrog", interval=0.2, layers=1)(start, 3)[-1]
    assert torch.allclose(merged, single, atol=1e-14)


@pytest.mark.parametrize("kind", ["symplectic euler", "leapfrog"])
def test_the_written_out_gradient_is_that_of_autograd(kind):
    hamiltonian, starts = hn.SeparableHamiltonian(SEEDS, 4, generator()), torch.nn.Parameter(states())
    network = hn.HamiltonianNetwork(hamiltonian, kind, interval=0.4, layers=2)
    by_hand = [starts]
    for _ in range(4):
        by_hand.append(network.advance(by_hand[-1]))
    paths = network(starts, 4), torch.stack(by_hand)
    assert torch.allclose(*paths, rtol=1e-13, atol=1e-14)
    mine, theirs = (torch.autograd.grad((path**3).sum(), [starts, *network.parameters()]) for path in paths)
    for one, other in zip(mine, theirs, strict=True):
        assert torch.allclose(one, other, rtol=1e-11, atol=1e-12)


@pytest.mark.bad_input
@pytest.mark.parametrize("model", MODELS)
@given(value=st.one_of(st.integers(max_value=0), st.floats(), st.just(None), st.just(True)))
def test_bad_sizes(model, value):
    with pytest.raises(InvalidArgument, match="seeds"):
        model(value, 3, generator())
    with pytest.raises(InvalidArgument, match="units"):
        model(3, value, generator())


BAD_STATES = [
    torch.zeros(SEEDS, 4, 3, dtype=torch.float64),
    torch.zeros(SEEDS + 1, 4, 2, dtype=torch.float64),
    torch.zeros(4, 2, dtype=torch.float64),
]


@pytest.mark.bad_input
@pytest.mark.parametrize("model", MODELS)
def test_energy_refuses_what_is_not_finite(model):
    with pytest.raises(InvalidArgument, match="state"):
        model(SEEDS, 3, generator()).energy(torch.full((SEEDS, 4, 2), torch.nan, dtype=torch.float64))


@pytest.mark.bad_input
@given(state=st.sampled_from([*BAD_STATES, torch.full((SEEDS, 4, 2), torch.inf, dtype=torch.float64)]))
def test_bad_starts(state):
    network = hn.HamiltonianNetwork(hn.SeparableHamiltonian(SEEDS, 3, generator()), "leapfrog", 0.1, 1)
    with pytest.raises(InvalidArgument):
        network(state, 2)


@pytest.mark.bad_input
def test_bad_networks():
    separable, general = hn.SeparableHamiltonian(1, 3, generator()), hn.GeneralHamiltonian(1, 3, generator())
    with pytest.raises(InvalidArgument, match="kind"):
        hn.HamiltonianNetwork(separable, "verlet", 0.1, 1)
    with pytest.raises(InvalidArgument, match="hamiltonian"):
        hn.HamiltonianNetwork(general, "leapfrog", 0.1, 1)
    for interval in (0.0, -0.1, np.nan, "0.1"):
        with pytest.raises(InvalidArgument, match="interval"):
            hn.HamiltonianNetwork(separable, "leapfrog", interval, 1)
    for layers in (0, -1, 1.5, 10**7):
        with pytest.raises(InvalidArgument, match="layers"):
            hn.HamiltonianNetwork(separable, "leapfrog", 0.1, layers)
    for intervals in (0, 10**7):
        with pytest.raises(InvalidArgument, match="intervals"):
            hn.HamiltonianNetwork(separable, "leapfrog", 0.1, 1)(torch.zeros(1, 4, 2, dtype=torch.float64), intervals)


@pytest.mark.bad_input
def test_other_seeds_and_another_precision_are_refused():
    separable, general = hn.SeparableHamiltonian(SEEDS, 3, generator()), hn.GeneralHamiltonian(SEEDS, 3, generator())
    network = hn.HamiltonianNetwork(separable, "leapfrog", 0.1, 1)
    other, good = torch.zeros(SEEDS + 1, 4, 2, dtype=torch.float64), torch.zeros(SEEDS, 4, 2, dtype=torch.float64)
    for call in (separable.velocity, separable.force):
        with pytest.raises(InvalidArgument, match="expected shape"):
            call(other[..., :1])
    for call in (general.field, network.advance):
        with pytest.raises(InvalidArgument, match="expected shape"):
            call(other)
    separable.float(), general.float()
    for call in (separable.energy, general.energy, general.field, network.advance, lambda state: network(state, 2)):
        with pytest.raises(InvalidArgument, match="weights: expected a dense tensor of floats"):
            call(good)


class Rates:
    def __init__(self, rate):
        self.velocity = self.force = rate


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "rate", [lambda x: None, lambda x: x[..., 0], lambda x: 1j * x, lambda x: "x", lambda x: x.expand(2, *x.shape), lambda: 0]
)
def test_rates_that_are_none_are_named(rate):
    network, state = hn.HamiltonianNetwork(Rates(rate), "leapfrog", 0.1, 2), torch.ones(1, 4, 2, dtype=torch.float64)
    for call in (network.advance, lambda state: network(state, 2)):
        with pytest.raises(InvalidArgument, match="hamiltonian: expected"):
            call(state)
