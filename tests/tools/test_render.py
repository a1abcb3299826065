import threading

from book import page_cache, render
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


def test_two_renderings_take_turns(book, monkeypatch, capsys):
    order = []
    monkeypatch.setattr(render, "ROOT", book)
    monkeypatch.setattr(render, "build", lambda: order.append("second") or 0)
    with page_cache.locked(book):
        thread = threading.Thread(target=render.command)
        thread.start()
        thread.join(0.3)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert "another make" in capsys.readouterr().out
