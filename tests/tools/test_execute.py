"""Execution of a book of one page: what fails is named."""

import os

from book import page_cache
from book.execute import execute
from book.pages import pages


def test_a_failing_page_is_named_with_line_and_error(book, spring, change):
    change(spring, "import math", "import math\nmath.sqrt(-1)")
    (failure,) = execute(book)
    line = 1 + spring.read_text().splitlines().index("import math")
    assert failure.startswith(f"chapters/example/spring.md:{line} (code cell 1): ValueError")
    assert page_cache.executed(page_cache.open_cache(book), pages(book)[0]) is None


def test_code_that_does_not_parse_is_named_by_its_page(book, spring, change):
    change(spring, "import math", "import math\ndef f(:")
    (failure,) = execute(book)
    line = 1 + spring.read_text().splitlines().index("import math")
    assert failure.startswith(f"chapters/example/spring.md:{line} (code cell 1): SyntaxError")


def test_a_claim_that_fails_fails_the_page(book, spring, change):
    change(spring, "12.5, 1e-12", "13.5, 1e-12")
    assert "ClaimFailed" in execute(book)[0]


def test_a_page_runs_cold_on_one_thread_and_its_prints_are_joined(book, spring, change):
    code = 'import math\nimport os\n\nfor name in ("NUMBA_CACHE_DIR", "OMP_NUM_THREADS"):\n    print(os.environ[name], flush=True)'
    change(spring, "import math", code)
    seen = []
    for _ in range(2):
        assert execute(book, again=True) == []
        notebook, measured = page_cache.executed(page_cache.open_cache(book), pages(book)[0])
        (output,) = next(cell for cell in notebook.cells if cell.source == code).outputs
        folder, threads = output.text.split()
        assert threads == "1" and folder.endswith("/numba") and folder not in (os.environ.get("NUMBA_CACHE_DIR"), *seen)
        seen.append(folder)
    assert measured["cpu"] > 0 and measured["kernel"] > 0
