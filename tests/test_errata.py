"""A correction is complete, and its page shows it."""

import pytest

from nnqg import errata
from nnqg.errata import Correction
from nnqg.errors import InvalidArgument


def correction(**changes) -> Correction:
    fields = {"identifier": "page/slip", "slide": "slide 3", "printed": "w12", "right": "w22", "shown_by": "error of a step", "number": 0.5}
    return Correction(**{**fields, **changes})


def test_the_evidence_is_a_sentence_with_number_and_unit():
    assert correction(unit="GeV").evidence == "error of a step: 0.5 GeV"


def test_outside_a_notebook_every_correction_is_a_line(capsys):
    errata.correct(correction(), correction(identifier="page/other", number=2.0))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "slide 3 | printed: w12 | right: w22 | error of a step: 0.5"
    assert lines[1].endswith("error of a step: 2")


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "changes",
    [
        {"identifier": "slip"},
        {"identifier": "/"},
        {"identifier": None},
        {"slide": " "},
        {"printed": ""},
        {"right": ""},
        {"shown_by": ""},
        {"shown_by": None},
        {"number": float("nan")},
        {"number": "0.5"},
    ],
)
def test_an_incomplete_correction_is_refused(changes):
    with pytest.raises(InvalidArgument, match=next(iter(changes))):
        correction(**changes)


@pytest.mark.bad_input
def test_a_page_corrects_something_and_nothing_twice():
    with pytest.raises(InvalidArgument):
        errata.correct()
    with pytest.raises(InvalidArgument):
        errata.correct(correction(), correction())
