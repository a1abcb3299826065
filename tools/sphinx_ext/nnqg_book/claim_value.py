"""The role ``{claim-value}`` gives the book's value of a claim and its uncertainty, from the last cold run.

It is written ``{claim-value}`<page>/<name>` ``.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from nnqg._display import format_number

from .run_data import NOT_EXECUTED, load

__all__ = ["ClaimValue", "setup", "value_of"]


def value_of(claims: list[dict] | None, identifier: str) -> str | None:
    """Return the value of a claim, with its uncertainty if it has one, in words, None when the page was executed and has no such claim.

    Examples
    --------
    >>> value_of([{"identifier": "page/one", "page": "chapter/page", "value": 3.0}], "page/one")
    '3'
    >>> value_of([{"identifier": "page/one", "page": "chapter/page", "value": 3.0, "uncertainty": 0.25}], "page/one")
    '3.00 ± 0.25'
    >>> value_of([], "page/one")
    'not executed yet'
    """
    found = [(claim["value"], claim.get("uncertainty")) for claim in claims or [] if claim["identifier"] == identifier]
    executed = {claim["identifier"].split("/")[0] for claim in claims or []}
    if found:
        return format_number(*found[0])
    return None if identifier.split("/")[0] in executed else NOT_EXECUTED


class ClaimValue(SphinxRole):
    """Role that shows the value of the claim it names."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number as inline text."""
        words = value_of(load(self.env, "ledger"), self.text.strip())
        if words is None:
            message = f"no page has recorded the claim {self.text!r}"
            logging.getLogger(__name__).warning(message, location=self.get_location(), type="nnqg", subtype="claim")
        return [nodes.inline(self.rawtext, words or "", classes=["number"])], []


def setup(app: Sphinx) -> None:
    """Register the role."""
    app.add_role("claim-value", ClaimValue())
