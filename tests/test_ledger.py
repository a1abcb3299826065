"""A verdict follows from the numbers, and a page cannot contradict its own claims."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.utils.capture import capture_output

from nnqg import errata, ledger
from nnqg.errors import ClaimFailed, InvalidArgument
from nnqg.ledger import Claim


def claim(value: float = 1.0, reference: float = 1.0, tolerance: float = 0.1, **more) -> Claim:
    return Claim("name", "a number", value, reference, tolerance, "a slide", "its error", **more)


@given(st.floats(-10, 10), st.floats(-10, 10), st.floats(0, 5))
def test_the_four_comparisons(value, reference, tolerance):
    assert claim(value, reference, tolerance).comes_out == (abs(value - reference) <= tolerance)
    assert claim(value, reference, tolerance, kind="relative").comes_out == (abs(value - reference) <= tolerance * abs(reference))
    assert claim(value, reference, tolerance, kind="at most").comes_out == (value <= reference + tolerance)
    assert claim(value, reference, tolerance, kind="at least").comes_out == (value >= reference - tolerance)


def test_a_bound_next_to_zero_is_one_number():
    assert claim(reference=0, tolerance=1e-12, kind="at most").criterion == "at most 1e-12"
    assert claim(reference=0, tolerance=3, kind="at least").criterion == "at least -3"
    assert claim(reference=0, tolerance=0, kind="at least").criterion == "at least 0"
    assert claim(reference=2, tolerance=0.5, kind="at most").criterion == "at most 2 + 0.5"


def test_verdicts():
    assert claim().verdict == "reproduced"
    assert claim(limits="on this grid").verdict == "reproduced within stated limits"
    assert claim(value=2.0, explanation="the data do not fix it").verdict == "not reproduced"


def test_a_claim_that_falls_short_stops_the_page(capsys):
    with pytest.raises(ClaimFailed, match="name: 2 against 1 within 0.1 does not come out"):
        ledger.record(claim(value=2.0))
    assert "not reproduced" in capsys.readouterr().out


def test_an_explained_claim_that_comes_out_stops_the_page():
    with pytest.raises(ClaimFailed, match="comes out, but the page explains why it does not"):
        ledger.record(claim(explanation="cannot be reproduced"))


def test_an_explained_failure_is_a_row_like_any_other(capsys):
    ledger.record(claim(value=2.0, explanation="the data do not fix it"))
    assert capsys.readouterr().out.endswith("| not reproduced\n")


@pytest.mark.usefixtures("shell")
def test_a_notebook_output_has_text_table_and_records():
    with capture_output() as captured:
        ledger.record(claim(uncertainty=0.05, unit="GeV"))
        errata.correct(errata.Correction("slip", "slide 1", "<1", r"\(a < b\)", "The error is 2."))
    first, second = (output.data for output in captured.outputs)
    (record,) = first[ledger.MIME_TYPE]
    assert json.loads(json.dumps(record))["verdict"] == "reproduced"
    assert "1.000 ± 0.050 GeV" in first["text/plain"] and "<table" in first["text/html"]
    assert second[errata.MIME_TYPE][0]["shown_by"] == "The error is 2."
    assert "&lt;1" in second["text/html"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": float("nan")},
        {"reference": float("inf")},
        {"tolerance": -1.0},
        {"uncertainty": -0.1},
        {"kind": "roughly"},
        {"limits": "a", "explanation": "b"},
    ],
)
@pytest.mark.bad_input
def test_bad_claims_are_refused(wrong):
    with pytest.raises(InvalidArgument):
        claim(**wrong)


@pytest.mark.parametrize("field", ["name", "quantity", "source", "reason"])
@pytest.mark.bad_input
def test_a_claim_says_everything(field):
    for missing in (" ", None):
        texts = {"name": "name", "quantity": "q", "source": "s", "reason": "r", field: missing}
        with pytest.raises(InvalidArgument, match=field):
            Claim(value=1.0, reference=1.0, tolerance=0.0, **texts)


@pytest.mark.bad_input
@pytest.mark.parametrize("name", ["page/name", "two words", "", "-", "a-", None])
def test_names_are_short(name):
    with pytest.raises(InvalidArgument, match="name"):
        Claim(name, "a number", 1.0, 1.0)
    with pytest.raises(InvalidArgument, match="name"):
        errata.Correction(name, "slide 1", "a", "b", "The error is 2.")


@pytest.mark.bad_input
def test_names_are_different():
    with pytest.raises(InvalidArgument, match="its own name"):
        ledger.record(claim(), claim())
    with pytest.raises(InvalidArgument, match="at least one"):
        ledger.record()


@pytest.mark.bad_input
def test_rounding_is_no_reason_for_a_wide_tolerance():
    assert Claim("name", "a number", 1.0, 1.0 + 1e-9, 1e-8).verdict == "reproduced"
    with pytest.raises(InvalidArgument, match="tolerance"):
        Claim("name", "a number", 1.0, 1.0, 1e-3)


@pytest.mark.parametrize("number", [np.float32(1.5), np.int64(2), np.array(0.25), 3])
def test_numpy_numbers_are_plain_numbers(number):
    made = claim(number, number, uncertainty=number)
    assert [type(value) for value in (made.value, made.reference, made.uncertainty)] == [float] * 3
    assert made.value == float(number)


@pytest.mark.bad_input
@pytest.mark.parametrize("value", [np.array([1.0]), np.bool_(True), "1.0", None])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(InvalidArgument, match="value"):
        claim(value)


@pytest.mark.usefixtures("shell")
def test_checks_of_the_implementation_are_folded_below_the_others():
    with capture_output() as captured:
        ledger.record(claim(check=True), Claim("other", "a claim about the slide", 1.0, 1.0))
    data = captured.outputs[0].data
    assert [record["check"] for record in data[ledger.MIME_TYPE]] == [False, True]
    above, folded = data["text/html"].split("<details", 1)
    assert "a claim about the slide" in above and "a number" in folded and "One check of the implementation" in folded
