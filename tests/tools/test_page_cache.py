"""The cache of executed pages: a page runs again only when something that its results depend on has changed."""

from book import page_cache
from book.execute import execute
from book.pages import pages


def runs(root, capsys):
    """Execute once more and return how many pages ran."""
    capsys.readouterr()
    assert execute(root) == []
    return int(capsys.readouterr().out.split(" unchanged, ")[1].split()[0])


def test_a_page_runs_again_only_when_something_it_depends_on_changed(executed, spring, capsys, change):
    assert runs(executed, capsys) == 0
    change(spring, "The energy of a spring is", "The energy of any spring is")
    assert runs(executed, capsys) == 0, "its text is not its code"
    change(spring, "rtol: 0.01", "rtol: 0.02")
    assert runs(executed, capsys) == 0, "a tolerance is not its code"
    assert page_cache.executed(page_cache.open_cache(executed), pages(executed)[0])[0].cells[4].outputs
    change(spring, "import math", "import math  # and nothing else")
    assert runs(executed, capsys) == 1


def test_a_changed_module_reruns_the_pages_that_import_it(executed, capsys):
    library = executed / "lib" / "nnqg"
    (library / "alone.py").write_text("two = 2\n")
    assert runs(executed, capsys) == 0, "the page does not import it"
    (library / "_display.py").write_text("two = 2\n")
    assert runs(executed, capsys) == 1, "the page imports it through the ledger"


def test_another_page_with_the_same_code_runs_by_itself(executed, spring):
    twin = spring.with_name("twin.md")
    twin.write_text(spring.read_text().replace("rtol: 0.01", "rtol: 0.02"))  # else the cache itself takes it for the same notebook
    assert page_cache.executed(page_cache.open_cache(executed), pages(executed, ["example/twin"])[0]) is None


def test_only_the_newest_result_of_a_page_is_kept(executed, spring, change):
    change(spring, "import math", "import math  # and nothing else")
    assert execute(executed) == []
    assert len(page_cache.open_cache(executed).list_cache_records()) == 1


def test_the_rendering_of_a_page_that_ran_is_forgotten(executed, spring, change):
    doctree = executed / "_build" / ".doctrees" / "chapters" / "example" / "spring.doctree"
    doctree.parent.mkdir(parents=True)
    doctree.touch()
    assert execute(executed) == [] and doctree.exists()
    change(spring, "4**2", "5**2")
    change(spring, "12.5, 1e-12", "17.0, 1e-12")
    assert execute(executed) == [] and not doctree.exists()
