"""Execution of a book of one page: what fails is named."""

from book import page_cache
from book.execute import execute
from book.pages import pages


def test_a_failing_page_is_named_with_line_and_error(book, spring, change):
    change(spring, "import math", "import math\nmath.sqrt(-1)")
    (failure,) = execute(book)
    line = 1 + spring.read_text().splitlines().index("import math")
    assert failure.startswith(f"chapters/example/spring.md:{line} (code cell 1): ValueError")
    assert page_cache.executed(page_cache.open_cache(book), pages(book)[0]) is None


def test_a_claim_that_fails_fails_the_page(book, spring, change):
    change(spring, "12.5, 1e-12", "13.5, 1e-12")
    assert "ClaimFailed" in execute(book)[0]
