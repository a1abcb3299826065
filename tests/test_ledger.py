"""A verdict follows from the numbers, and a page cannot contradict its own claims."""

import builtins
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.testing.globalipapp import start_ipython
from IPython.utils.capture import capture_output

from nnqg import errata, ledger
from nnqg.errors import ClaimFailed, InvalidArgument
from nnqg.ledger import Claim


def claim(value: float = 1.0, reference: float = 1.0, tolerance: float = 0.1, **more) -> Claim:
    return Claim("page/name", "a number", value, reference, tolerance, "exact", "rounding", **more)


@given(st.floats(-10, 10), st.floats(-10, 10), st.floats(0, 5))
def test_the_four_comparisons(value, reference, tolerance):
    assert claim(value, reference, tolerance).comes_out == (abs(value - reference) <= tolerance)
    assert claim(value, reference, tolerance, kind="relative").comes_out == (abs(value - reference) <= tolerance * abs(reference))
    assert claim(value, reference, tolerance, kind="at most").comes_out == (value <= reference + tolerance)
    assert claim(value, reference, tolerance, kind="at least").comes_out == (value >= reference - tolerance)


def test_verdicts():
    assert claim().verdict == "reproduced"
    assert claim(limits="on this grid").verdict == "reproduced within stated limits"
    assert claim(value=2.0, explanation="the data do not fix it").verdict == "not reproduced"


def test_a_claim_that_falls_short_stops_the_page(capsys):
    with pytest.raises(ClaimFailed, match="page/name: 2 against 1 within 0.1 does not come out"):
        ledger.record(claim(value=2.0))
    assert "not reproduced" in capsys.readouterr().out


def test_an_explained_claim_that_comes_out_stops_the_page():
    with pytest.raises(ClaimFailed, match="comes out, but the page explains why it does not"):
        ledger.record(claim(explanation="cannot be reproduced"))


def test_an_explained_failure_is_a_row_like_any_other(capsys):
    ledger.record(claim(value=2.0, explanation="the data do not fix it"))
    assert capsys.readouterr().out.endswith("| not reproduced\n")


@pytest.fixture
def shell(monkeypatch):
    """Start IPython, and give Python's own `exit` and `quit` back, which it replaces."""
    for name in ("exit", "quit"):
        monkeypatch.setattr(builtins, name, getattr(builtins, name))
    start_ipython()


@pytest.mark.usefixtures("shell")
def test_a_notebook_output_has_text_table_and_records():
    with capture_output() as captured:
        ledger.record(claim(uncertainty=0.05, unit="GeV"))
        errata.correct(errata.Correction("page/slip", "slide 1", "<1", r"\(a < b\)", "the error", 2.0))
    first, second = (output.data for output in captured.outputs)
    (record,) = first[ledger.MIME_TYPE]
    assert json.loads(json.dumps(record))["verdict"] == "reproduced"
    assert "1.000 ± 0.050 GeV" in first["text/plain"] and "<table" in first["text/html"]
    assert second[errata.MIME_TYPE][0]["evidence"] == "the error: 2"
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


@pytest.mark.parametrize("field", ["identifier", "quantity", "source", "reason"])
@pytest.mark.bad_input
def test_a_claim_says_everything(field):
    for missing in (" ", None):
        texts = {"identifier": "page/name", "quantity": "q", "source": "s", "reason": "r", field: missing}
        with pytest.raises(InvalidArgument, match=field):
            Claim(value=1.0, reference=1.0, tolerance=0.0, **texts)


@pytest.mark.bad_input
def test_identifiers_are_unique_and_name_their_page():
    with pytest.raises(InvalidArgument, match="identifier"):
        ledger.record(claim(), claim())
    with pytest.raises(InvalidArgument, match="at least one"):
        ledger.record()
    with pytest.raises(InvalidArgument, match="page"):
        errata.Correction("slip", "slide 1", "a", "b", "c", 1.0)
    for identifier in ("/", "page/", "/name", "page/name/more"):
        with pytest.raises(InvalidArgument, match="identifier"):
            Claim(identifier, "a number", 1.0, 1.0, 0.1, "exact", "rounding")
