"""An exercise's text in plain Markdown, with the equations that it refers to."""

import re
from copy import deepcopy

from book.plain_markdown import Words, convert
from book.words import number_labels
from coursework.pages import Coursework

_EQUATION = re.compile(r"\{eq\}`([^`]+)`")
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?![a-z]+:)[^)\s]+\)")


class Reader:
    """Reads the exercises of one page. `words` is what holds for all pages; `book` the address of the rendered book, "" when unknown."""

    def __init__(self, page: Coursework, words: Words, book: str = ""):
        self.page, self.words, self.book = page, deepcopy(words), book
        self.quoted: set[str] = set()
        number_labels([page.notebook], self.words)  # for a page that is not in the book

    def readable(self, text: str) -> str:
        """Return the text, followed by the equations of the page that it refers to, unless an exercise above has quoted them."""
        wanted = [label for label in dict.fromkeys(_EQUATION.findall(text)) if label in self.page.equations]
        missing = [label for label in wanted if label not in self.quoted and self.page.equations[label] not in text]
        self.quoted.update(wanted)
        plain = convert(_LINK.sub(r"*\g<text>* (in the book)", text), self.words)
        return "\n\n".join([plain, *(self._quotation(label) for label in missing)])

    def page_link(self) -> str:
        """Link to the page in the book, or name it when the book's address is not known."""
        return f"[{self.page.title}]({self.book}/chapters/{self.page.name}.html)" if self.book else f"*{self.page.title}*"

    def _quotation(self, label: str) -> str:
        equation = convert(f"```{{math}}\n:label: {label}\n{self.page.equations[label]}\n```", self.words)
        return f"Equation ({self.words.equations[label]}) of the page is\n\n{equation}"
