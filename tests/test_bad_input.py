"""Whatever comes in: an error of the library or a finite result, soon, from every public function and class of every room."""

import hostile
import hypothesis
import numpy as np
import pytest
import torch
from hypothesis import strategies as st
from torchdiffeq._impl.odeint import SOLVERS

from nnqg import checks
from nnqg.emergent_spacetime.black_hole import labels
from nnqg.emergent_spacetime.bulk_network import BulkNetwork, RadialGrid
from nnqg.emergent_spacetime.mesons.inverse import learn_profile
from nnqg.emergent_spacetime.neural_ode import bulk_ode, horizon_fit, inwards
from nnqg.errors import Diverged, InvalidArgument, NNQGError
from nnqg.identifiability import jacobian
from nnqg.networks_as_spacetime.depth.residual_network import residual_network
from nnqg.networks_as_spacetime.wormhole.radial_geodesics import radial_geodesic
from nnqg.neural_quantum_states.imaginary_time.ising_ring import trotter_step
from nnqg.quantum_gravity.dictionary.boundary_response import anti_de_sitter_kernel
from nnqg.quantum_gravity.holographic_codes.stabilisers import product
from nnqg.quantum_gravity.triangulations.random_widths import classical_widths

pytestmark = pytest.mark.bad_input


def test_every_public_name_has_an_example_that_calls_it():
    names = [(module, name) for module in hostile.modules() for name in hostile.members(module)]
    assert [f"{module}.{name}" for module, name in names if hostile.example(module, name) is None] == []


@pytest.mark.parametrize("module", hostile.modules())
@hypothesis.settings(max_examples=30, suppress_health_check=list(hypothesis.HealthCheck), phases=[hypothesis.Phase.generate])
@hypothesis.given(data=st.data())
def test_one_bad_argument(module, data):
    calls = {name: hostile.example(module, name) for name in hostile.members(module)}
    places = [(name, argument) for name, call in calls.items() if call for argument in call.arguments if argument not in call.fixed]
    hypothesis.assume(places)
    name, argument = data.draw(st.sampled_from(places))
    values = hostile.hostile(calls[name].arguments[argument])
    label = data.draw(st.sampled_from(sorted(values)))
    complaint = hostile.complaint(calls[name], argument, values[label])
    assert not complaint, f"{module}.{name}({argument}={label}): {complaint}"


ONE, ZERO = np.array([0.01]), np.zeros(1)


def points():
    return torch.tensor([0.01, 0.02], dtype=torch.float64), torch.tensor([0.05, 0.1], dtype=torch.float64)


NOT_FINITE = {
    "jacobian of zeros": lambda: inwards.momentum_jacobian(np.zeros(3), ZERO, ZERO),
    "wide disc": lambda: classical_widths(800, 1.0),
    "kernel far inside": lambda: anti_de_sitter_kernel(1.0, 1e3, 0.0, 3),
    "large Trotter step": lambda: trotter_step(3, 800.0),
    "bulk field": lambda: bulk_ode.BulkField(np.array([np.nan, 0.0, 1.0])),
    "bulk network": lambda: BulkNetwork(torch.full((3,), np.nan).double(), RadialGrid(1.0, 0.1, 3), m2=-1.0, lam=0.0),
    "no error": lambda: horizon_fit.fit(np.array([2.0, 0.0, 1.0]), ONE, ONE, ZERO),
    "too many tensors": lambda: product(10**9),
    "geodesic into the corner": lambda: radial_geodesic(0.0, 2.0, -1.0, 0.0, 4),
    "empty window": lambda: labels.labelled_points(np.random.default_rng(0), flat(), half_width=1e-300),
    "matrix": lambda: residual_network(lambda t, x: x, np.matrix([[1.0]]), 1.0, 1),
    "single precision": lambda: jacobian(lambda x: x**2, np.array([1.5, 1.0], dtype=np.float32)),
}


def flat():
    return BulkNetwork(torch.zeros(3, dtype=torch.float64), RadialGrid(1.0, 0.1, 3), m2=-1.0, lam=0.0)


@pytest.mark.parametrize("call", NOT_FINITE.values(), ids=NOT_FINITE)
def test_what_has_no_finite_answer_is_an_error_soon(call):
    with hostile.limits(5.0), pytest.raises(NNQGError):
        call()


@pytest.mark.parametrize("method", bulk_ode.ADAPTIVE + bulk_ode.FIXED)
def test_every_method_of_torchdiffeq_takes_enough_steps_and_ends(method, monkeypatch):
    tolerance = {"fehlberg2": 1e-7, "adaptive_heun": 1e-6, "bosh3": 1e-6}.get(method, 1e-9)
    found = bulk_ode.horizon_momentum(bulk_ode.BulkField(np.array([4.0, 0.005, 1.0])), *points(), method=method, tolerance=tolerance)
    assert float(found.detach()[0]) == pytest.approx(-0.2748, abs=0.03 if method == "euler" else 2e-3)
    monkeypatch.setattr(bulk_ode, "MOST_STEPS", 100)
    with hostile.limits(5.0):
        try:
            wild = bulk_ode.horizon_momentum(bulk_ode.BulkField(np.array([4.0, -1e4, 3.0])), *points(), method=method)
        except Diverged:
            return
    assert bool(torch.isfinite(wild).all())


def test_the_methods_are_those_of_torchdiffeq():
    assert set(bulk_ode.ADAPTIVE + bulk_ode.FIXED) == set(SOLVERS) - {"scipy_solver"}
    for name in ("leapfrog", "scipy_solver", None, 4):
        with pytest.raises(InvalidArgument, match="method"):
            bulk_ode.horizon_momentum(bulk_ode.BulkField(np.array([4.0, 0.0, 1.0])), *points(), method=name)


def test_masses_in_another_unit_are_refused_and_a_poor_fit_is_not_converged():
    with pytest.raises(InvalidArgument, match="masses: expected values in GeV"):
        learn_profile(np.array([775.3, 1465.0, 1720.0]))
    assert not learn_profile(np.array([9.4603, 10.0233, 10.3552])).converged


@pytest.mark.parametrize("unit, value", [("GeV", 300.0), ("MeV", 1e6), ("1/GeV", 1e5), ("fm", 1e-9)])
def test_a_unit_is_named(unit, value):
    for check in (lambda: checks.number("x", value, unit=unit), lambda: checks.array("x", np.array([1.0, value]), unit=unit)):
        with pytest.raises(InvalidArgument, match=f"x: expected values in {unit}"):
            check()
