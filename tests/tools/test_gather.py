"""What the reference pages show is gathered from the executed pages."""

import json

from book.execute import execute
from book.gather import gather


def test_cost_and_claims_are_gathered(executed):
    gather(executed)
    run = executed / "_build" / "run"
    status = json.loads((run / "status.json").read_text())
    cost = status["pages"]["example/spring"]
    assert 0 < cost["cpu"] < 60 and 0 < cost["wall"] < 60
    assert set(status) == {"pages", "budget", "versions", "machine", "date"}
    assert cost["kernels"] > 0 and status["budget"]["kernel"] > 0
    claim = json.loads((run / "ledger.json").read_text())[0]
    assert claim["identifier"].startswith("spring/")
    assert (claim["page"], claim["chapter"], claim["value"], claim["verdict"]) == ("example/spring", "example", 12.5, "reproduced")
    assert json.loads((run / "errata.json").read_text()) == []


def test_named_figures_are_gathered_with_their_texts(executed, spring, change):
    settings = "mystnb:\n  figure: {name: fig-spring, caption: A line.}\n  image: {alt: one line}"
    cell = f"---\n{settings}\n---\nimport matplotlib.pyplot as plt\n\nplt.plot([0, 1])\nplt.show()"
    change(spring, "## Exercises", f"```{{code-cell}} ipython3\n{cell}\n```\n\n## Exercises")
    assert execute(executed) == []
    gather(executed)
    run = executed / "_build" / "run"
    assert json.loads((run / "figures.json").read_text()) == {
        "fig-spring": {"page": "example/spring", "caption": "A line.", "alt": "one line"}
    }
    assert (run / "figures" / "fig-spring.png").read_bytes().startswith(b"\x89PNG")
