"""A table has a row for each entry, for readers and for comparison."""

import numpy as np
import pytest
from IPython.utils.capture import capture_output

from nnqg import tables
from nnqg.errors import InvalidArgument


def test_outside_a_notebook_the_columns_are_aligned(capsys):
    tables.show({"layer": [0, 10], r"\(h\) [GeV]": (np.array([4.0, -3.25]), ".1f"), "what": ["a", "bc"], "error": np.array([1e-9, 0.5])})
    assert capsys.readouterr().out.splitlines() == [
        r"layer  \(h\) [GeV]  what  error",
        "    0          4.0     a  1e-09",
        "   10         -3.2    bc    0.5",
    ]


@pytest.mark.usefixtures("shell")
def test_a_notebook_gets_a_table():
    with capture_output() as captured:
        tables.show({r"\(a<b\)": ["<1"], "n": [3]})
    data = captured.outputs[0].data
    assert data["text/html"].count("<tr>") == 2 and "&lt;1" in data["text/html"] and r"\(a&lt;b\)" in data["text/html"]
    assert data["text/plain"].splitlines()[1].split() == ["<1", "3"]
    assert set(data) == {"text/html", "text/plain"}


@pytest.mark.bad_input
@pytest.mark.parametrize("columns", [{}, {"a": []}, {"a": [1], "b": [1, 2]}, {"a": "text"}, {"a": 1.0}])
def test_what_is_no_table_is_refused(columns):
    with pytest.raises(InvalidArgument):
        tables.show(columns)
