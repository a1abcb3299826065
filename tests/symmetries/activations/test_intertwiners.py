"""Known pairs of matrices pass through, others do not, and what mixes units is no activation."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from nnqg.errors import InvalidArgument
from nnqg.symmetries.activations.intertwiners import passes


@pytest.fixture
def z():
    return torch.as_tensor(np.random.default_rng(6).standard_normal((60, 3)))


def diagonal(*entries):
    return torch.diag(torch.tensor(entries, dtype=torch.float64))


def test_powers_turn_factors_into_their_powers(z):
    for power in (1, 2, 3):
        B, error = passes(lambda z, p=power: z**p, diagonal(2, -1, 0.5), z)
        assert error < 1e-12
        torch.testing.assert_close(B, diagonal(2**power, (-1) ** power, 0.5**power))


def test_a_relu_passes_positive_factors_and_swaps_only(z):
    swap = torch.eye(3, dtype=torch.float64)[[2, 0, 1]]
    assert passes(torch.relu, swap @ diagonal(2, 3, 0.5), z)[1] < 1e-12
    assert passes(torch.relu, diagonal(-1, 1, 1), z)[1] > 0.1


@pytest.mark.parametrize(("phi", "needs"), [(torch.tanh, 0), (torch.sigmoid, 1), (functional.gelu, 2), (functional.softplus, 2)])
def test_flips_need_a_constant_or_a_skip(z, phi, needs):
    errors = [passes(phi, diagonal(-1, 1, 1), z, beside=more)[1] for more in ("nothing", "a constant", "a constant and z")]
    assert [error < 1e-10 for error in errors] == [count >= needs for count in range(3)]


@pytest.mark.bad_input
def test_what_is_no_function_of_one_variable_is_refused(z):
    A = torch.eye(3, dtype=torch.float64)
    for phi in (
        lambda z: torch.softmax(z, dim=1),
        lambda z: functional.layer_norm(z, (z.shape[1],)),
        lambda z: z - z.mean(0),
        lambda z: z * torch.arange(z.shape[1]),
    ):
        with pytest.raises(InvalidArgument, match="one variable"):
            passes(phi, A, z)
    with pytest.raises(InvalidArgument, match="one variable"):
        passes(functional.glu, A[:2, :2], z[:, :2])
    with pytest.raises(InvalidArgument, match="one variable"):
        passes(lambda z: z.numpy(), A, z)
    with pytest.raises(InvalidArgument, match="phi"):
        passes(torch.log, A, z)
    with pytest.raises(InvalidArgument, match="beside"):
        passes(torch.tanh, A, z, beside="luck")
    with pytest.raises(InvalidArgument, match="data"):
        passes(torch.tanh, A, z[:4])
