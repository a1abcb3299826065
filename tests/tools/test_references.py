"""What counts as the same text."""

import nbformat
import pytest

from book import references
from book.references import forgive


def notebook(*texts, **metadata):
    cells = [
        nbformat.v4.new_code_cell("print()", outputs=[nbformat.v4.new_output("stream", name="stdout", text=text)], metadata=metadata)
        for text in texts
    ]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.mark.parametrize(
    ("reference", "obtained", "same"),
    [
        ("x = 1.0000001", "x = 1.0000002", True),
        ("x = 1.0001", "x = 1.0002", False),
        ("x = 1.0000000", "x = 1.0000009", True),
        ("x = 1.0000000", "x = 1.0000011", False),
        ("0.0", "9e-13", True),
        ("0.0", "1.1e-12", False),
        ("x = -1.0", "x = 1.0", False),
        ("16 of 16", "15 of 16", False),
        ("w12 is wrong", "w22 is wrong", False),
        ("1e-20 rounding", "3e-18 rounding", True),
        ("nan", "nan", True),
        ("nan", "1.0", False),
        ("a  1.0", "a 1.0", True),
        ("a 1.0", "b 1.0", False),
        ("a 1.0\nb 2.0", "a 1.0", False),
    ],
)
def test_numbers_are_forgiven_within_the_tolerance_and_words_never(reference, obtained, same):
    assert (forgive(reference, obtained, references.RTOL, references.ATOL) == reference) == same


def test_a_line_keeps_only_the_numbers_that_are_off():
    assert forgive("a 1.0 b 2.0", "a 1.001 b 3.0", 0.01, 0.0) == "a 1.0 b 3.0"


def test_a_change_of_one_per_mille_is_shown():
    changes = references.difference(references.slim(notebook("L = 3.460\n")), references.slim(notebook("L = 3.463\n")))
    assert "-L = 3.460" in changes and "+L = 3.463" in changes


def test_the_tolerance_of_the_cell_counts():
    reference, obtained = (references.slim(notebook(text, nnqg={"rtol": 0.01})) for text in ("L = 3.460\n", "L = 3.463\n"))
    assert references.difference(reference, obtained) == ""
    assert references.exact_difference(reference, obtained) != ""


def test_a_missing_and_an_added_cell_are_shown():
    one, two = (references.slim(notebook(*texts)) for texts in (["a\n"], ["a\n", "b\n"]))
    assert references.difference(one, two) and references.difference(two, one)


def test_cells_that_cannot_be_compared_are_left_out():
    assert references.slim(notebook("0.1 s\n", tags=["not-compared"])).cells == []


def test_pictures_are_left_out_and_their_text_is_kept():
    picture = nbformat.v4.new_output("display_data", data={"image/png": "iVBORw0K", "text/plain": "<Figure size 680x400 with 1 Axes>"})
    slim = references.slim(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("plt.show()", outputs=[picture])]))
    assert slim.cells[0].outputs[0].data == {"text/plain": "<Figure size 680x400 with 1 Axes>"}


def test_regeneration_says_what_changed_and_then_nothing(book, capsys):
    page = references.pages(book)[0]
    assert references.regenerate(page, notebook("energy 1.0\n"))
    assert references.regenerate(page, notebook("energy 2.0\n"))
    assert "-energy 1.0" in capsys.readouterr().out
    assert not references.regenerate(page, notebook("energy 2.0\n"))
