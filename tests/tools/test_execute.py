"""Execution of a book of one page: once, measured, again only when something changed."""

import json

import pytest

import house
from execute import execute
from gather import gather
from pages import pages


@pytest.fixture
def executed(book):
    (book / "lib").mkdir()
    (book / "lib" / "physics.py").write_text("g = 9.81\n")
    assert execute(book) == []
    return book


def runs(root, capsys):
    """Execute once more and return how many pages ran."""
    capsys.readouterr()
    assert execute(root) == []
    return int(capsys.readouterr().out.split(" unchanged, ")[1].split()[0])


def change(path, old, new):
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_a_page_runs_again_only_when_something_it_depends_on_changed(executed, spring, capsys):
    assert runs(executed, capsys) == 0
    change(spring, "The energy of a spring is", "The energy of any spring is")
    assert runs(executed, capsys) == 0, "its text is not its code"
    change(spring, "rtol: 0.01", "rtol: 0.02")
    assert runs(executed, capsys) == 0, "a tolerance is not its code"
    assert house.executed(house.open_cache(executed), pages(executed)[0])[0].cells[4].outputs
    change(spring, "import math", "import math  # and nothing else")
    assert runs(executed, capsys) == 1


def test_a_change_in_the_library_throws_the_cache_away(executed, capsys):
    (executed / "lib" / "physics.py").write_text("g = 9.82\n")
    assert runs(executed, capsys) == 1


def test_a_changed_lock_file_changes_the_fingerprint(executed):
    before = house.fingerprint(executed)
    (executed / "uv.lock").write_text("version = 2\n")
    assert house.fingerprint(executed) != before


def test_cost_and_claims_are_gathered(executed):
    gather(executed)
    run = executed / "_build" / "run"
    status = json.loads((run / "status.json").read_text())
    cost = status["pages"]["example/spring"]
    assert 0 < cost["cpu"] < 60 and 0 < cost["wall"] < 60
    assert set(status) == {"pages", "versions", "machine", "date"}
    claim = json.loads((run / "ledger.json").read_text())[0]
    assert (claim["page"], claim["chapter"], claim["value"], claim["verdict"]) == ("example/spring", "example", 12.5, "reproduced")
    assert json.loads((run / "errata.json").read_text()) == []


def test_the_rendering_of_a_page_that_ran_is_forgotten(executed, spring):
    doctree = executed / "_build" / ".doctrees" / "chapters" / "example" / "spring.doctree"
    doctree.parent.mkdir(parents=True)
    doctree.touch()
    assert execute(executed) == [] and doctree.exists()
    change(spring, "4**2", "5**2")
    change(spring, "12.5, 1e-12", "17.0, 1e-12")
    assert execute(executed) == [] and not doctree.exists()


def test_a_failing_page_is_named_with_line_and_error(book, spring):
    change(spring, "import math", "import math\nmath.sqrt(-1)")
    (failure,) = execute(book)
    line = 1 + spring.read_text().splitlines().index("import math")
    assert failure.startswith(f"chapters/example/spring.md:{line} (code cell 1): ValueError")
    assert house.executed(house.open_cache(book), pages(book)[0]) is None


def test_a_claim_that_fails_fails_the_page(book, spring):
    change(spring, "12.5, 1e-12", "13.5, 1e-12")
    assert "ClaimFailed" in execute(book)[0]
