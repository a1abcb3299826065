"""What the reference pages show is gathered from the executed pages."""

import json

from gather import gather


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
