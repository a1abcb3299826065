"""What the pages claim and correct: every record is its page's own, and is named once in the book."""

import json
from collections import Counter

import pytest

from book.pages import ROOT, pages


def gathered(name):
    path = ROOT / "_build" / "run" / f"{name}.json"
    assert path.exists(), "the pages have not been executed: run `make test`"
    return json.loads(path.read_text())


@pytest.mark.parametrize("name", ["ledger", "errata"])
def test_identifiers_are_unique_and_begin_with_their_page(name):
    records = gathered(name)
    assert [identifier for identifier, count in Counter(record["identifier"] for record in records).items() if count > 1] == []
    assert [record["identifier"] for record in records if record["identifier"].split("/")[0] != record["page"].split("/")[1]] == []


def test_every_page_claims_something():
    assert {record["page"] for record in gathered("ledger")} == {page.name for page in pages(ROOT)}


def test_every_verdict_is_one_of_three_and_has_its_reason():
    for record in gathered("ledger"):
        assert record["verdict"] in ("reproduced", "reproduced within stated limits", "not reproduced")
        assert bool(record["explanation"]) == (record["verdict"] == "not reproduced")
        assert record["reason"] and record["source"]
