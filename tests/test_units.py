"""A mass, a length or a temperature in another unit than the one that is meant is refused, and the unit is named."""

import importlib
import inspect
import re

import hostile
import numpy as np
import pytest
import torch

from nnqg import checks, data_sets
from nnqg.emergent_spacetime.condensate.data import LabelledData, augment, fit_curve
from nnqg.emergent_spacetime.condensate.valley import follow
from nnqg.emergent_spacetime.magnetisation.objective import evaluate
from nnqg.emergent_spacetime.mesons.inverse import learn_profile
from nnqg.emergent_spacetime.mesons.towers import Grid, Tower
from nnqg.emergent_spacetime.thermal_dilaton.condensate_fit import CondensateData
from nnqg.emergent_spacetime.thermal_dilaton.landau import fit_landau
from nnqg.errors import InvalidArgument

pytestmark = pytest.mark.bad_input

WITH_UNIT = re.compile(r"\b(GeV|MeV|fm|tesla|mu_B)\b")
NUMBERS = {  # of modules that speak of units: what has none, what a search moves, and what a fit found
    *(
        "weights",
        "start",
        "unknowns",
        "horizon",
        "horizon_values",
        "phi",
        "pi_",
        "u",
        "v",
        "by_m2",
        "by_lam",
        "state",
        "points",
        "label",
        "t",
        "coefficients",
        "gains",
    ),
    *("eta_ini", "eta_fin", "m2", "lam", "half_width", "edge", "steepness", "dimension", "step", "solution", "outcome", "momentum"),
    *("penalty", "penalty_weight", "boundary_weight", "smoothness", "weight", "target", "lift", "ridge", "response", "cubic", "amplitude"),
    *("cost", "chi_squared", "missed", "window_loss", "active", "gradient", "total", "history", "tolerance", "alive", "found", "value"),
    *("rate", "rates", "search_rate", "settle_rates", "final_rate", "horizon_boost", "m2_range", "lam_range", "h_mean", "opening"),
    *("LandauFit.errors", "ShootingFit.condensate", "Fit.condensate", "ProbeFit.condensate"),
}


def absurd(value):
    """Return 10^9 in the place of every number, or nothing where there is none."""
    if isinstance(value, np.ndarray) and value.dtype == float:
        return np.full_like(value, 1e9)
    if isinstance(value, torch.Tensor):
        return torch.full_like(value, 1e9)
    if isinstance(value, tuple | list) and value and all(isinstance(each, float) for each in value):
        return type(value)([*value[:-1], 1e9])
    return 1e9 if isinstance(value, float) else None


def test_what_has_a_unit_refuses_what_is_absurd_in_it():
    passed, refused = [], 0
    for module in hostile.modules():
        package = importlib.import_module(module.rpartition(".")[0])
        for name, (_, _, text) in hostile.members(module).items():
            if not WITH_UNIT.search(f"{text} {importlib.import_module(module).__doc__} {package.__doc__}"):
                continue
            call = hostile.example(module, name)
            known = {each.name: each.default for each in inspect.signature(call.function).parameters.values()} | call.arguments
            for argument, value in known.items():
                wrong = absurd(value)
                if wrong is None or argument in NUMBERS or f"{name}.{argument}" in NUMBERS or argument in call.fixed:
                    continue
                try:
                    hostile.called(call, argument, wrong)
                    passed.append(f"{module}.{name}({argument})")
                except InvalidArgument as error:
                    refused += "expected values in " in str(error)
                    passed += [] if "expected values in " in str(error) else [f"{module}.{name}({argument}): {error}"]
    assert passed == []
    assert refused > 40


MEV = np.array([775.3, 1465.0, 1720.0])
LATTICE = data_sets.load("chiral-condensate").columns
M, Q, ERROR = LATTICE["quark_mass"], LATTICE["condensate"], np.full(6, 0.004)
FIELD, MAGNETISATION = data_sets.load("magnetisation-smsrmno3").columns.values()
SLIPS = {
    "mesons in MeV": (lambda: learn_profile(MEV), "masses: expected values in GeV"),
    "errors in MeV": (lambda: learn_profile(MEV / 1e3, errors=np.array([0.23, 25.0, 20.0])), "errors: expected values in GeV"),
    "a box in cm": (lambda: Grid(box=2.8e-13, interval=1e-14), "box: expected values in 1/GeV"),
    "quarks in MeV": (lambda: fit_landau(1e3 * M, Q, ERROR), "mass: expected values in GeV"),
    "labelled in MeV": (lambda: LabelledData(1e3 * M, Q, np.zeros(6)), "mass: expected values in GeV"),
    "condensate in MeV^3": (lambda: fit_curve(M, 1e9 * Q), r"condensate: expected values in GeV\^3"),
    "noise in MeV^3": (lambda: augment(fit_curve(M, Q), np.random.default_rng(0), each=1, noise=4e6), r"noise: expected values in GeV\^3"),
    "temperature in MeV": (lambda: CondensateData(M, Q, ERROR, 207.0), "temperature: expected values in GeV"),
    "temperature in kelvin": (lambda: CondensateData(M, Q, ERROR, 2.4e12), "temperature: expected values in GeV"),
    "field in gauss": (
        lambda: evaluate(WEIGHTS, np.stack([1e4 * FIELD, MAGNETISATION, 0 * FIELD])),
        r"points\[0\]: expected values in tesla",
    ),
    "radius in cm": (lambda: follow(np.full(17, 4.0), [1.6e-14], LabelledData(M, Q, 0 * M)), "radius: expected values in 1/GeV"),
}
WEIGHTS = np.append(np.full(10, 4.0), [0.0, 0.0, 1.0, 1.0])


@pytest.mark.parametrize(("call", "message"), SLIPS.values(), ids=SLIPS)
def test_a_slip_of_the_unit_is_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


def test_measured_data_have_possible_units():
    mesons = [data_sets.load(name).columns for name in ("vector-mesons", "tensor-mesons")]
    assert [len(Tower(spin, each["mass"] / 1e3, each["error"] / 1e3).masses) for spin, each in enumerate(mesons, 1)] == [3, 2]
    assert CondensateData(M, Q, ERROR, 0.207).temperature == 0.207
    assert LabelledData(M, Q, np.zeros(6)).mass is M
    assert evaluate(WEIGHTS, np.stack([FIELD, MAGNETISATION, 0 * FIELD])).misfit <= 1


@pytest.mark.parametrize("quantity", checks.QUANTITIES)
@pytest.mark.parametrize("factor", [1.001, 1e9, -2.0])
def test_a_unit_is_named(quantity, factor):
    unit, lowest, highest = checks.QUANTITIES[quantity]
    wrong = [highest * factor, *([lowest / factor] if lowest else [])]
    for value in wrong:
        for check in (
            lambda v: checks.number("x", v, quantity=quantity),
            lambda v: checks.array("x", np.array([0.0, v]), quantity=quantity),
        ):
            with pytest.raises(InvalidArgument, match=f"x: expected values in {re.escape(unit)}, for {quantity}.*convert x to"):
                check(value)
    assert checks.number("x", highest, quantity=quantity) == highest
