"""A correction is complete, says of which kind it is, and its page shows it."""

import pytest

from nnqg import errata
from nnqg.errata import Correction
from nnqg.errors import InvalidArgument


def correction(**changes) -> Correction:
    fields = {"name": "slip", "slide": "slide 3", "printed": "w12", "right": "w22", "shown_by": "The layer misses by 0.5 GeV."}
    return Correction(**{**fields, **changes})


def test_outside_a_notebook_every_correction_is_a_line(capsys):
    errata.correct(correction(), correction(name="other", kind="contradiction"), correction(name="third", kind="remark"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "slide 3 (slip) | printed: w12 | right: w22 | The layer misses by 0.5 GeV."
    assert lines[1] == "slide 3 (contradiction) | one place: w12 | another: w22 | The layer misses by 0.5 GeV."
    assert lines[2] == "slide 3 (remark) | printed: w12 | worth knowing: w22 | The layer misses by 0.5 GeV."


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "changes",
    [
        {"name": None},
        {"slide": " "},
        {"printed": ""},
        {"right": ""},
        {"shown_by": ""},
        {"shown_by": None},
        {"shown_by": "It is wrong."},
        {"kind": "matter of taste"},
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
