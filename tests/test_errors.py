"""Every error says what is wrong and what to do, and is also the built-in error that a caller would catch."""

import pytest

from nnqg.errors import ClaimFailed, DamagedData, Diverged, InvalidArgument, NNQGError, NotConverged

ERRORS = [
    (InvalidArgument("steps", "a positive integer", -3, "count from 1"), ValueError, "steps: expected a positive integer, got -3."),
    (Diverged("the trajectory", "step 7", "take smaller steps"), ArithmeticError, "the trajectory diverged at step 7."),
    (NotConverged("the search", "residual 0.1", "allow more steps"), RuntimeError, "the search did not converge: residual 0.1"),
    (DamagedData("points.csv", "its checksum differs"), OSError, "data file points.csv: its checksum differs."),
]
by_name = pytest.mark.parametrize(("error", "builtin", "text"), ERRORS, ids=lambda value: type(value).__name__)


@by_name
def test_message_begins_with_what_is_wrong(error, builtin, text):
    assert str(error).startswith(text)


@by_name
def test_message_ends_with_one_remedy(error, builtin, text):
    assert str(error).count("Remedy: ") == 1
    assert str(error).endswith(".") and not str(error).endswith("..")


@by_name
def test_it_is_ours_and_a_builtin(error, builtin, text):
    assert isinstance(error, NNQGError) and isinstance(error, builtin)


def test_a_failed_claim_is_an_assertion():
    assert issubclass(ClaimFailed, AssertionError) and issubclass(ClaimFailed, NNQGError)


def test_an_invalid_argument_knows_which():
    assert ERRORS[0][0].name == "steps"
