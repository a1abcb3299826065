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

    def field(self, state):
        return torch.cat([state[..., 1:], self.force(state[..., :1])], dim=-1)


MODELS = [hn.SeparableHamiltonian, hn.GeneralHamiltonian]


@pytest.mark.parametrize("model", MODELS)
def test_field_is_the_rotated_gradient_of_the_energy(model):
    hamiltonian, state = model(SEEDS, 7, generator()), states().requires_grad_()
    gradient = torch.autograd.grad(hamiltonian.energy(state).sum(), state)[0]
    expected = torch.stack([gradient[..., 1], -gradient[..., 0]], dim=-1)
    assert torch.allclose(hamiltonian.field(state), expected, atol=1e-12)


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


@pytest.mark.parametrize(("kind", "order"), [("euler", 1), ("symplectic euler", 1), ("leapfrog", 2)])
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


def test_euler_layers_of_a_learned_hamiltonian_do_not():
    network = hn.HamiltonianNetwork(hn.GeneralHamiltonian(1, 7, generator()), "euler", interval=0.8, layers=3)
    jacobian = torch.autograd.functional.jacobian(lambda z: network.advance(z.reshape(1, 1, 2))[0, 0], torch.tensor([0.4, -0.7]).double())
    assert abs(torch.linalg.det(jacobian).item() - 1) > 1e-3


def test_merged_half_kicks_are_leapfrog_steps():
    hamiltonian, start = hn.SeparableHamiltonian(SEEDS, 7, generator()), states()
    merged = hn.HamiltonianNetwork(hamiltonian, "leapfrog", interval=0.6, layers=3)(start, 1)[-1]
    single = hn.HamiltonianNetwork(hamiltonian, "leapfrog", interval=0.2, layers=1)(start, 3)[-1]
    assert torch.allclose(merged, single, atol=1e-14)


def test_gradient_with_respect_to_a_weight_matches_finite_differences():
    hamiltonian, start = hn.SeparableHamiltonian(1, 3, generator()), states()[:1]
    network = hn.HamiltonianNetwork(hamiltonian, "leapfrog", interval=0.2, layers=2)
    weight = hamiltonian.potential.v

    def loss():
        return (network(start, 4) ** 2).sum()

    exact = torch.autograd.grad(loss(), weight)[0][0, 0, 1].item()
    with torch.no_grad():
        weight[0, 0, 1] += 1e-6
        above = loss().item()
        weight[0, 0, 1] -= 2e-6
        below = loss().item()
    assert exact == pytest.approx((above - below) / 2e-6, rel=1e-6)


@pytest.mark.bad_input
@pytest.mark.parametrize("model", MODELS)
@given(value=st.one_of(st.integers(max_value=0), st.floats(), st.just(None), st.just(True)))
def test_bad_sizes(model, value):
    with pytest.raises(InvalidArgument, match="seeds"):
        model(value, 3, generator())
    with pytest.raises(InvalidArgument, match="units"):
        model(3, value, generator())


BAD_STATES = [
    np.zeros((SEEDS, 4, 2)),
    torch.zeros(SEEDS, 4, 2),
    torch.zeros(SEEDS, 4, 2, dtype=torch.int64),
    torch.zeros(SEEDS, 4, 3, dtype=torch.float64),
    torch.zeros(SEEDS + 1, 4, 2, dtype=torch.float64),
    torch.zeros(4, 2, dtype=torch.float64),
]


@pytest.mark.bad_input
@pytest.mark.parametrize("model", MODELS)
@given(state=st.sampled_from(BAD_STATES))
def test_bad_states(model, state):
    with pytest.raises(InvalidArgument, match="state"):
        model(SEEDS, 3, generator()).field(state)


@pytest.mark.bad_input
@pytest.mark.parametrize("model", MODELS)
def test_energy_refuses_what_is_not_finite(model):
    with pytest.raises(InvalidArgument, match="state"):
        model(SEEDS, 3, generator()).energy(torch.full((SEEDS, 4, 2), torch.nan, dtype=torch.float64))


@pytest.mark.bad_input
@given(state=st.sampled_from([*BAD_STATES[3:], torch.full((SEEDS, 4, 2), torch.inf, dtype=torch.float64)]))
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
    with pytest.raises(InvalidArgument, match="hamiltonian: expected an object with field"):
        hn.HamiltonianNetwork(object(), "euler", 0.1, 1)
    for interval in (0.0, -0.1, np.nan, "0.1"):
        with pytest.raises(InvalidArgument, match="interval"):
            hn.HamiltonianNetwork(separable, "leapfrog", interval, 1)
    for layers in (0, -1, 1.5):
        with pytest.raises(InvalidArgument, match="layers"):
            hn.HamiltonianNetwork(separable, "leapfrog", 0.1, layers)
    with pytest.raises(InvalidArgument, match="intervals"):
        hn.HamiltonianNetwork(separable, "leapfrog", 0.1, 1)(torch.zeros(1, 4, 2, dtype=torch.float64), 0)
    with pytest.raises(InvalidArgument, match="p: expected"):
        separable.velocity(torch.zeros(1, 4, 2, dtype=torch.float64))
    with pytest.raises(InvalidArgument, match="q: expected"):
        separable.force(torch.zeros(2, 4, 1, dtype=torch.float64))
