"""The competitors: held against torchdiffeq, autograd and their definitions."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchdiffeq import odeint

from nnqg.errors import Diverged, InvalidArgument, NotConverged
from nnqg.networks_as_spacetime.hamiltonian import comparisons
from nnqg.networks_as_spacetime.hamiltonian.comparisons import FreeField, NeuralODE, ResidualNetwork
from nnqg.networks_as_spacetime.hamiltonian.hamiltonian_network import GeneralHamiltonian


def generator():
    return torch.Generator().manual_seed(0)


STARTS = torch.tensor([[[1.0, 0.5], [2.0, -0.2]]], dtype=torch.float64)
FIELDS = [FreeField, GeneralHamiltonian]


def by_torchdiffeq(field, starts, interval, intervals, **options):
    times = interval * torch.arange(intervals + 1, dtype=torch.float64)
    rates = field.field if isinstance(field, GeneralHamiltonian) else field
    return odeint(lambda _, state: rates(state), starts, times, **options)


@pytest.mark.parametrize("field", FIELDS)
def test_its_steps_and_their_gradients_are_those_of_torchdiffeq(field):
    field, starts = field(2, 5, generator()), torch.nn.Parameter(STARTS.repeat(2, 1, 1))
    weigh = torch.randn(7, 2, 2, 2, generator=generator(), dtype=torch.float64)
    paths = NeuralODE(field, 0.3)(starts, 6), by_torchdiffeq(field, starts, 0.3, 6, method="rk4")
    assert torch.allclose(*paths, rtol=1e-13, atol=1e-14)
    mine, theirs = (torch.autograd.grad((weigh * path).sum(), [starts, *field.parameters()]) for path in paths)
    for one, other in zip(mine, theirs, strict=True):
        assert torch.allclose(one, other, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("field", FIELDS)
def test_the_gradient_of_a_residual_network_is_that_of_autograd(field):
    field = field(2, 5, generator())
    starts, rates = torch.nn.Parameter(STARTS.repeat(2, 1, 1)), getattr(field, "field", field)
    by_hand = [starts]
    for _ in range(4):
        by_hand.append(by_hand[-1] + rates(by_hand[-1]))
    paths = ResidualNetwork(field)(starts, 4), torch.stack(by_hand)
    mine, theirs = (torch.autograd.grad((path**3).sum(), [starts, *field.parameters()]) for path in paths)
    for one, other in zip(mine, theirs, strict=True):
        assert torch.allclose(one, other, rtol=1e-11, atol=1e-12)


def test_the_adaptive_method_follows_torchdiffeqs():
    field = GeneralHamiltonian(1, 5, generator())
    exact = by_torchdiffeq(field, STARTS, 0.5, 10, method="dopri5", rtol=1e-10, atol=1e-12)
    assert torch.allclose(NeuralODE(field, 0.5, "adaptive")(STARTS, 10), exact, atol=2e-5)


def test_residual_network_adds_its_field():
    field = FreeField(1, 4, generator())
    path = ResidualNetwork(field)(STARTS, 2)
    assert torch.equal(path[0], STARTS)
    assert torch.allclose(path[2], path[1] + field(path[1]))


def test_number_of_weights_is_as_documented():
    assert sum(weight.numel() for weight in FreeField(3, 7, generator()).parameters()) == 3 * (5 * 7 + 2)


def test_members_of_an_ensemble_do_not_feel_each_other():
    field, state = FreeField(2, 4, generator()), STARTS.expand(2, -1, -1)
    field(state)[0].sum().backward()
    assert bool((field.first.grad[1] == 0).all()) and bool((field.first.grad[0] != 0).any())


@pytest.mark.bad_input
@given(st.one_of(st.integers(max_value=0), st.floats(), st.just("3")))
def test_bad_sizes(value):
    with pytest.raises(InvalidArgument, match="seeds"):
        FreeField(value, 3, generator())
    with pytest.raises(InvalidArgument, match="units"):
        FreeField(3, value, generator())


@pytest.mark.bad_input
def test_bad_input():
    field = FreeField(1, 3, generator())
    nan = torch.full((1, 2, 2), torch.nan, dtype=torch.float64)
    for network in (ResidualNetwork(field), NeuralODE(field, 0.1)):
        for starts in (nan, torch.zeros(2, 2, dtype=torch.float64), torch.zeros(1, 0, 2, dtype=torch.float64), None):
            with pytest.raises(InvalidArgument, match="starts"):
                network(starts, 2)
        with pytest.raises(InvalidArgument, match="intervals"):
            network(STARTS, 0)
        with pytest.raises(InvalidArgument, match="starts"):
            network(STARTS.expand(2, -1, -1), 1)
    with pytest.raises(InvalidArgument, match="interval"):
        NeuralODE(field, -0.1)
    with pytest.raises(InvalidArgument, match="method"):
        NeuralODE(field, 0.1, method="euler")
    with pytest.raises(InvalidArgument, match="field"):
        NeuralODE(None, 0.1)


@pytest.mark.bad_input
def test_other_seeds_and_another_precision_are_refused():
    field = FreeField(2, 3, generator())
    for state in (STARTS, STARTS.expand(3, -1, -1)):
        with pytest.raises(InvalidArgument, match="state: expected shape"):
            field(state)
    single = FreeField(1, 3, generator()).float()
    for call in (lambda: single(STARTS), lambda: ResidualNetwork(single)(STARTS, 2), lambda: NeuralODE(single, 0.1)(STARTS, 2)):
        with pytest.raises(InvalidArgument, match="(weights: expected a dense tensor|field: expected four matrices)"):
            call()


class Field:
    def __init__(self, matrices):
        self.matrices = lambda: matrices


GOOD = FreeField(1, 3, generator()).matrices()


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "matrices", [None, "abcd", (1, 2), GOOD[:3], GOOD[::-1], [None, *GOOD[1:]], [matrix.detach().numpy() for matrix in GOOD]]
)
def test_matrices_that_are_none_are_named(matrices):
    for network in (ResidualNetwork(Field(matrices)), NeuralODE(Field(matrices), 0.1), NeuralODE(Field(matrices), 0.1, "adaptive")):
        with pytest.raises(InvalidArgument, match="field: expected"):
            network(STARTS, 2)


@pytest.mark.bad_input
def test_long_times_end(monkeypatch):
    monkeypatch.setattr(comparisons, "LONGEST_PATH", 1000)
    field = FreeField(1, 3, generator())
    with pytest.raises(NotConverged, match="after 1000 evaluations"):
        NeuralODE(field, 1e7, "adaptive")(STARTS, 2)
    for network in (ResidualNetwork(field), NeuralODE(field, 0.1), NeuralODE(field, 0.1, "adaptive")):
        with pytest.raises(InvalidArgument, match="intervals: expected"):
            network(STARTS, 10**7)


@pytest.mark.bad_input
def test_starts_with_a_gradient_or_a_sign_to_come_are_starts():
    negative = torch.complex(STARTS, -STARTS).conj().imag
    for network in (ResidualNetwork(FreeField(1, 3, generator())), NeuralODE(FreeField(1, 3, generator()), 0.1, "adaptive")):
        for starts in (negative, STARTS.clone().requires_grad_()):
            assert torch.equal(network(starts, 2), network(STARTS, 2))


@pytest.mark.bad_input
def test_a_field_that_is_not_finite_is_an_error():
    field = FreeField(1, 3, generator())
    with torch.no_grad():
        field.offset += torch.nan
    with pytest.raises(Diverged, match="matrices diverged"):
        NeuralODE(field, 0.1, method="adaptive")(STARTS, 1)
