"""Whatever comes in: an error of the library or a finite result, soon, from every public function and class of every room."""

import math

import hostile
import hypothesis
import numpy as np
import pytest
import torch
from hypothesis import strategies as st
from torchdiffeq._impl.odeint import SOLVERS

from nnqg import data_sets, tables
from nnqg.emergent_spacetime.black_hole import labels
from nnqg.emergent_spacetime.bulk_network import BulkNetwork, RadialGrid
from nnqg.emergent_spacetime.condensate.data import fit_curve
from nnqg.emergent_spacetime.mesons.inverse import learn_profile
from nnqg.emergent_spacetime.neural_ode import bulk_ode, horizon_fit, inwards
from nnqg.emergent_spacetime.neural_ode.printed_polynomial import Slip
from nnqg.emergent_spacetime.string_breaking.regularised_brane import regularise
from nnqg.errors import Diverged, InvalidArgument, NNQGError
from nnqg.identifiability import jacobian
from nnqg.networks_as_spacetime.depth.residual_network import residual_network
from nnqg.networks_as_spacetime.locality.automorphisms import automorphisms, ring_order
from nnqg.networks_as_spacetime.locality.learned_layer import fit_shared
from nnqg.networks_as_spacetime.wormhole.kruskal import kruskal
from nnqg.networks_as_spacetime.wormhole.radial_geodesics import radial_geodesic
from nnqg.networks_as_spacetime.wormhole.tortoise import tortoise
from nnqg.neural_quantum_states.imaginary_time.ising_ring import infidelity, trotter_step
from nnqg.quantum_gravity.dictionary.boundary_response import anti_de_sitter_kernel
from nnqg.quantum_gravity.dictionary.thermal_correlators import quasinormal_modes
from nnqg.quantum_gravity.entanglement_features.kac_ward import turning_signs
from nnqg.quantum_gravity.holographic_codes.stabilisers import columns, contract, entropy, product, spell
from nnqg.quantum_gravity.triangulations.random_widths import classical_widths
from nnqg.runge_kutta import Tableau

pytestmark = pytest.mark.bad_input


def test_every_public_name_is_held_at_the_boundary():
    own = {"nnqg.data_sets.names", "nnqg.errata.Correction", "nnqg.errata.correct", "nnqg.ledger.Claim", "nnqg.ledger.record"}
    found = {
        f"{module}.{name}": vars(member[0])[member[1]] for module in hostile.modules() for name, member in hostile.members(module).items()
    }
    functions = {name: getattr(member, "__func__", member) for name, member in found.items() if not isinstance(member, type)}
    assert {name for name, function in functions.items() if function.__code__.co_name != "held"} <= own


@pytest.mark.parametrize("module", hostile.modules())
@hypothesis.settings(max_examples=30, suppress_health_check=list(hypothesis.HealthCheck), phases=[hypothesis.Phase.generate])
@hypothesis.given(data=st.data())
def test_one_bad_argument(module, data):
    calls = {name: hostile.example(module, name) for name in hostile.members(module)}
    assert [name for name, call in calls.items() if call is None] == [], "no example calls it: see further_calls.py"
    places = [(name, argument) for name, call in calls.items() for argument in call.arguments if argument not in call.fixed]
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


KINDS = ("curvature", "ratio", "slope")


@pytest.mark.parametrize("masses", [[9.4603, 10.0233, 10.3552], [3.0969, 3.6861, 4.039]])
def test_a_poor_fit_is_not_converged(masses):
    for kind in KINDS:
        fit = learn_profile(np.array(masses), kind)
        missed = np.abs(fit.masses(3) - masses).max() / 3e-3
        assert fit.converged == (missed <= 3.0)
        assert not fit.converged or fit.cost < 30


@pytest.mark.parametrize("d", [np.uint8(200), np.int8(100), np.uint16(3)])
def test_dimensions_of_one_byte_do_not_overflow(d):
    r, t = np.array([1.01, 3.0]), np.array([0.0, 0.1])
    np.testing.assert_array_equal(tortoise(r, d), tortoise(r, int(d)))
    np.testing.assert_array_equal(kruskal(t, r, d), kruskal(t, r, int(d)))


@pytest.mark.parametrize(
    "columns", [(), None, {}, {1: [1.0]}, {"a": 3.0}, {"a": [None]}, {"a": [[1]]}, {"a": ([1.0], "zz")}, {"a": [1], "b": []}]
)
def test_a_table_that_is_none_is_named(columns):
    with pytest.raises(InvalidArgument, match="^(in show: )?(a|columns|a key of columns): expected"):
        tables.show(columns)


def test_a_record_refuses_nan():
    good = {"name": "n", "columns": {"x": np.ones(2)}, "units": {"x": "1"}, "description": "d", "source": "s", "licence": "l"}
    assert data_sets.DataSet(**good).columns["x"].size == 2
    for bad in ({"columns": {"x": np.array([np.nan])}}, {"columns": {"x": [1.0]}}, {"units": {"x": 1}}, {"columns": [np.ones(2)]}):
        with pytest.raises(InvalidArgument):
            data_sets.DataSet(**good | bad)
    for record in (horizon_fit.Fit(np.ones(3), np.ones(1), 1.0), Tableau(1, (0.0,), (1.0,)), Slip("sign turned", 1, 2.0)):
        numbers = {field: math.nan for field, value in record._asdict().items() if isinstance(value, float)}
        with pytest.raises(InvalidArgument, match="expected"):
            type(record)(**record._asdict() | (numbers or {"weights": (math.nan,)}))


SQUARE = np.array([[0.0, 1.0], [1.0, 0.0]])
NO_ANSWER = {
    "row": lambda: spell(-1, 2),
    "pairs": lambda: contract([3, 5], [(0, 0)]),
    "legs ": lambda: entropy([3, 5], [7]),
    "legs": lambda: columns([3], [-1]),
    "norm of psi": lambda: infidelity(np.zeros(4), np.full(4, 0.5)),
    "bonds": lambda: turning_signs(np.zeros((2, 2)), np.array([[0, 1]])),
    "distances": lambda: ring_order(-SQUARE),
    "distances ": lambda: ring_order(np.ones((2, 2))),
    "matrix": lambda: automorphisms(np.ones((12, 12))),
    "fields": lambda: fit_shared(np.zeros((2, 8)), np.ones((2, 8)), 1),
    "degree": lambda: fit_curve(np.full(4, 0.01), np.linspace(0.05, 0.2, 4)),
    "ratio": lambda: regularise("S0", 1e-300, "slope"),
    "the search for modes": lambda: quasinormal_modes(4, 0.0, 1e5, 20),
}


@pytest.mark.parametrize(("name", "call"), NO_ANSWER.items(), ids=NO_ANSWER)
def test_what_has_no_answer_is_not_answered(name, call):
    with hostile.limits(8.0), pytest.raises(NNQGError, match=f"^{name.strip()}( did not converge)?:"):
        call()
