"""The bulk network: exact fields, orders, invariants, gradients, batches, divergence, bad input."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from nnqg.emergent_spacetime.bulk_network import BulkNetwork, RadialGrid
from nnqg.errors import Diverged, InvalidArgument
from nnqg.quantum_gravity.dictionary import exact_fields, metrics

ORDERS = pytest.mark.parametrize("order", [1, 2, 4])
ENDS = np.array([1.0, 0.1])


def tensor(values):
    return torch.as_tensor(values, dtype=torch.float64)


def black_hole(grid, order, m2=-1.0, lam=1.0):
    return BulkNetwork(tensor(metrics.ads_schwarzschild(grid.metric_depths(order), 3).h), grid, m2, lam, order)


def exact_error(order, layers, case, ends=ENDS):
    grid = RadialGrid(*ends, layers)
    if case == "black hole":
        (phi, end), (pi_, pi_end) = exact_fields.black_hole_field(ends, -1.0, 3)
        network = black_hole(grid, order, lam=0.0)
    else:
        (phi, end), (pi_, pi_end) = exact_fields.quartic_field(ends, 1.0, 2.0)
        h = np.full(len(grid.metric_depths(order)), 3.0)
        network = BulkNetwork(tensor(h), grid, -2.0, 1.0, order)
    out = network(tensor([phi]), tensor([pi_]))
    return max(abs(out[0].item() - end), abs(out[1].item() - pi_end))


@ORDERS
@pytest.mark.parametrize("case", ["black hole", "nonlinear"])
@pytest.mark.parametrize("ends", [ENDS, ENDS[::-1]], ids=["inwards", "outwards"])
def test_order_of_convergence(order, case, ends):
    coarse, fine = (exact_error(order, layers, case, ends) for layers in (160, 320))
    assert np.log2(coarse / fine) == pytest.approx(order, abs=0.1)


def test_layers_are_what_the_equations_say():
    grid = RadialGrid(1.0, 0.9, 1)
    phi, pi_ = BulkNetwork(tensor([3.0]), grid, -1.0, 2.0, 1)(tensor([0.5]), tensor([0.2]))
    np.testing.assert_allclose([phi.item(), pi_.item()], [0.5 - 0.1 * 0.2, 0.2 - 0.1 * (-3.0 * 0.2 - 0.5 + 2 * 0.125)], rtol=1e-14)


@ORDERS
def test_zero_field_stays_zero_and_sign_does_not_matter(order):
    network = black_hole(RadialGrid(1.0, 0.1, 10), order)
    plus, minus = network(tensor([0.0, 0.7]), tensor([0.0, -0.1])), network(tensor([0.0, -0.7]), tensor([0.0, 0.1]))
    assert plus[0][0] == plus[1][0] == 0
    torch.testing.assert_close(plus[0], -minus[0], rtol=0, atol=0)


def test_agrees_with_another_integrator():
    network = black_hole(RadialGrid(1.0, 0.1, 800), 4)
    start = np.array([[0.3, 0.9, 1.4], [0.1, -0.15, 0.05]])

    def motion(eta, y):
        return [y[1], -3 / np.tanh(3 * eta) * y[1] - y[0] + y[0] ** 3]

    other = [solve_ivp(motion, (1.0, 0.1), one, method="DOP853", rtol=1e-12, atol=1e-13).y[:, -1] for one in start.T]
    ours = torch.stack(network(*tensor(start)), dim=1)
    np.testing.assert_allclose(ours.numpy(), other, atol=1e-8)


@given(seed=st.integers(0, 2**16), layers=st.integers(1, 30))
@settings(max_examples=20)
def test_leapfrog_keeps_the_area_for_any_metric(seed, layers):
    """exp(sum h step) x det d(output)/d(input) = 1: the Wronskian in curved space."""
    rng, grid = np.random.default_rng(seed), RadialGrid(1.0, 0.1, layers)
    h = tensor(rng.normal(3, 2, layers))
    network = BulkNetwork(h, grid, m2=rng.normal(), lam=1.0, order=2)
    start = tensor(rng.uniform(-0.5, 0.5, 2))
    jacobian = torch.autograd.functional.jacobian(lambda x: torch.cat(network(x[:1], x[1:])), start)
    assert torch.linalg.det(jacobian).item() * torch.exp(h.sum() * grid.step).item() == pytest.approx(1.0, abs=1e-11)


def test_euler_does_not_keep_the_area():
    h, grid = tensor(np.full(10, 3.0)), RadialGrid(1.0, 0.1, 10)
    network = BulkNetwork(h, grid, m2=-1.0, lam=0.0, order=1)
    jacobian = torch.autograd.functional.jacobian(lambda x: torch.cat(network(x[:1], x[1:])), tensor([0.8, -0.1]))
    assert abs(torch.linalg.det(jacobian) * torch.exp(h.sum() * grid.step) - 1) > 0.1


def test_leapfrog_is_reversible():
    there, back = RadialGrid(1.0, 0.1, 7), RadialGrid(0.1, 1.0, 7)
    h, phi, pi_ = tensor(np.linspace(2, 5, 7)), tensor([0.5, -0.2]), tensor([0.1, 0.3])
    out = BulkNetwork(h, there, -1.0, 1.0, 2)(phi, pi_)
    again = BulkNetwork(h.flip(0), back, -1.0, 1.0, 2)(*out)
    torch.testing.assert_close(again, (phi, pi_), rtol=1e-13, atol=1e-13)


@ORDERS
def test_gradients_against_finite_differences(order):
    grid = RadialGrid(1.0, 0.1, 4)
    h = tensor(np.random.default_rng(0).normal(3, 1, (2, len(grid.metric_depths(order))))).requires_grad_()
    m2, lam = tensor([[-1.0], [-0.5]]).requires_grad_(), tensor([[1.0], [0.3]]).requires_grad_()
    phi, pi_ = tensor([0.4, 1.0]).requires_grad_(), tensor([0.1, -0.1]).requires_grad_()

    def outputs(h, m2, lam, phi, pi_):
        return BulkNetwork(h, grid, m2, lam, order)(phi, pi_)

    assert torch.autograd.gradcheck(outputs, (h, m2, lam, phi, pi_), eps=1e-6, atol=1e-7)


@ORDERS
def test_a_batch_is_its_members(order):
    grid, rng = RadialGrid(1.0, 0.1, 6), np.random.default_rng(1)
    h = tensor(rng.normal(3, 1, (3, len(grid.metric_depths(order)))))
    phi, pi_ = tensor(rng.uniform(0, 1, (3, 5))), tensor(rng.uniform(-0.2, 0.2, (3, 5)))
    batch = BulkNetwork(h, grid, -1.0, 1.0, order)(phi, pi_)
    shared = BulkNetwork(h, grid, -1.0, 1.0, order)(phi[0], pi_[0])
    for k in range(3):
        alone = BulkNetwork(h[k], grid, -1.0, 1.0, order)
        torch.testing.assert_close((batch[0][k], batch[1][k]), alone(phi[k], pi_[k]), rtol=1e-14, atol=0)
        torch.testing.assert_close((shared[0][k], shared[1][k]), alone(phi[0], pi_[0]), rtol=1e-14, atol=0)


@ORDERS
def test_trajectory_ends_at_the_output(order):
    network = black_hole(RadialGrid(1.0, 0.1, 10), order)
    phi, pi_ = tensor([0.3, 0.8]), tensor([0.0, -0.1])
    path = network.trajectory(phi, pi_)
    assert path[0].shape == (11, 2)
    torch.testing.assert_close((path[0][-1], path[1][-1]), network(phi, pi_))
    torch.testing.assert_close((path[0][0], path[1][0]), (phi, pi_))


@ORDERS
def test_depths_of_the_weights(order):
    grid = RadialGrid(1.0, 0.1, 9)
    depths = grid.metric_depths(order)
    assert len(depths) == {1: 9, 2: 9, 4: 19}[order]
    assert depths[0] == pytest.approx({1: 1.0, 2: 0.95, 4: 1.0}[order])
    assert grid.step == pytest.approx(-0.1)
    assert len(grid.edges) == 10


@pytest.mark.parametrize(("order", "layer", "depth"), [(1, "layer", "eta"), (4, "advance", "advance")])
def test_overflow_is_an_error_that_names_the_layer_or_the_step(order, layer, depth):
    grid = RadialGrid(0.0, 40.0, 200)
    h = torch.full((len(grid.metric_depths(order)),), 47.0, dtype=torch.float64)
    network = BulkNetwork(h, grid, -1.0, 1.0, order)
    with pytest.raises(Diverged, match=layer):
        network.trajectory(tensor([1.0]), tensor([1.0]))
    with pytest.raises(Diverged, match=depth):
        network(tensor([1.0]), tensor([1.0]))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "arguments",
    [(1.0, 1.0, 3), (1.0, 0.1, 0), (1.0, 0.1, -2), (1.0, 0.1, 2.0), (np.nan, 0.1, 2), (1.0, np.inf, 2), ("1", 0.1, 2)],
)
def test_bad_grids_are_refused(arguments):
    with pytest.raises(InvalidArgument, match="eta_ini|eta_fin|layers"):
        RadialGrid(*arguments)


@pytest.mark.bad_input
@pytest.mark.parametrize("order", [0, 3, 5, "euler", None])
def test_unknown_orders_are_refused(order):
    grid = RadialGrid(1.0, 0.1, 3)
    with pytest.raises(InvalidArgument, match="order"):
        grid.metric_depths(order)
    with pytest.raises(InvalidArgument, match="order"):
        BulkNetwork(torch.ones(3).double(), grid, -1.0, 1.0, order)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "h",
    [
        torch.ones(4).double(),
        torch.ones(2, 4).double(),
        torch.ones(3, dtype=torch.int64),
        torch.tensor([1.0, np.nan, 1.0]),
        torch.ones(0).double(),
        torch.tensor(1.0),
        np.ones(3),
        None,
    ],
    ids=["wrong length", "wrong batch", "integers", "nan", "empty", "number", "numpy", "none"],
)
def test_bad_metrics_are_refused(h):
    with pytest.raises(InvalidArgument, match="h: "):
        BulkNetwork(h, RadialGrid(1.0, 0.1, 3), -1.0, 1.0)


@pytest.mark.bad_input
@pytest.mark.parametrize("value", [np.nan, "1", None, True, torch.tensor(np.inf), torch.ones(7).double()])
def test_bad_potentials_are_refused(value):
    grid = RadialGrid(1.0, 0.1, 3)
    with pytest.raises(InvalidArgument, match="m2"):
        BulkNetwork(torch.ones(3).double(), grid, value, 1.0)
    with pytest.raises(InvalidArgument, match="lam"):
        BulkNetwork(torch.ones(3).double(), grid, 1.0, value)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("phi", "pi_"),
    [
        (torch.ones(2).double(), torch.ones(3).double()),
        (torch.tensor([np.nan]).double(), torch.ones(1).double()),
        (torch.ones(1).double(), torch.tensor([np.inf]).double()),
        (torch.ones(0).double(), torch.ones(0).double()),
        (torch.ones(2, dtype=torch.int64), torch.ones(2).double()),
        (np.ones(2), np.ones(2)),
        (1.0, 2.0),
    ],
    ids=["shapes", "nan", "infinite", "empty", "integers", "numpy", "numbers"],
)
def test_bad_fields_are_refused(phi, pi_):
    network = BulkNetwork(torch.ones(3).double(), RadialGrid(1.0, 0.1, 3), -1.0, 1.0)
    for call in (network, network.trajectory):
        with pytest.raises(InvalidArgument, match="phi|pi_"):
            call(phi, pi_)


@pytest.mark.bad_input
def test_batches_that_do_not_fit_are_refused():
    network = BulkNetwork(torch.ones(2, 3).double(), RadialGrid(1.0, 0.1, 3), -1.0, 1.0)
    for call in (network, network.trajectory):
        with pytest.raises(InvalidArgument, match="phi: expected"):
            call(torch.ones(5, 4).double(), torch.ones(5, 4).double())
