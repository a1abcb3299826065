from book import render
from book.render import complaints


def test_warnings_are_picked_out_of_the_log():
    log = "reading\n\x1b[91mpage.md:3: WARNING: no such label\x1b[39m\nwriting\n"
    assert complaints(log) == "page.md:3: WARNING: no such label"


def test_without_warnings_the_end_of_the_log_is_shown():
    assert complaints("\n".join(str(i) for i in range(100))).splitlines()[0] == "60"


def test_a_book_that_was_not_executed_is_not_built(book, monkeypatch, capsys):
    monkeypatch.setattr(render, "ROOT", book)
    assert render.main() == 1
    assert "example/spring" in capsys.readouterr().out
    assert render.cached() == set() and not (book / "_build" / "html").exists()
