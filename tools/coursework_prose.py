"""An exercise's MyST prose as plain Markdown, readable in a JupyterLab that knows nothing of MyST."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from coursework_pages import Coursework, Directive, directives

_ROLE = re.compile(r"\{(?P<name>[\w:.-]+)\}(?P<ticks>`+)(?P<content>.+?)(?P=ticks)", re.DOTALL)
_TITLED = re.compile(r"^(?P<text>.*?)\s*<(?P<target>[^<>]+)>$", re.DOTALL)
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)")


@dataclass
class Reader:
    """Turns the prose of one page into plain Markdown and numbers the equations that it refers to.

    `book` is the address of the rendered book ("" when nobody knows it yet), `works` maps citation keys to "Author (year)".
    """

    page: Coursework
    book: str = ""
    works: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def readable(self, text: str) -> str:
        """Return the text in plain Markdown, followed by the equations of the page that it refers to."""
        before = set(self.numbers)
        own = {directive.options.get("label") for directive, _, _ in directives(text)}
        plain = self._plain(text)
        quoted = [label for label in self.numbers if label not in before and label not in own]
        return "\n\n".join([plain, *(self._quoted(label) for label in quoted)])

    def page_link(self, anchor: str = "") -> str:
        """Link to the page in the book, or name it when the book's address is not known."""
        title = self.page.title
        return f"[{title}]({self.book}/chapters/{self.page.name}.html{anchor})" if self.book else f"*{title}*"

    def _plain(self, text: str) -> str:
        lines = text.split("\n")
        replaced = [(self._directive(directive), start, end) for directive, start, end in directives(text)]
        for plain, start, end in reversed(replaced):
            lines[start:end] = ["", *plain.split("\n"), ""]
        kept = "\n".join(line for line in lines if not line.startswith("% "))
        kept = re.sub(r"(\$\$[^$]+\$\$)[ \t]*\(([\w:-]+)\)", r"\1", kept)
        kept = _ROLE.sub(self._role, kept)
        kept = _LINK.sub(self._link, kept)
        return re.sub(r"\n{3,}", "\n\n", kept).strip()

    def _directive(self, directive: Directive) -> str:
        if directive.name == "math":
            return self._equation(directive.body, directive.options.get("label"))
        if directive.name in ("code-block", "code"):
            return f"```{directive.argument}\n{directive.body}\n```"
        title = directive.argument or directive.name.capitalize()
        body = self._plain(directive.body)
        return "\n".join("> " + line for line in f"**{title}.** {body}".split("\n"))

    def _equation(self, body: str, label: str | None) -> str:
        body = body.strip()
        if "\\begin" not in body and ("\\\\" in body or "&" in body):
            body = f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"
        tag = f" \\tag{{{self._number(label)}}}" if label else ""
        return f"$$\n{body}{tag}\n$$"

    def _number(self, label: str) -> int:
        return self.numbers.setdefault(label, len(self.numbers) + 1)

    def _quoted(self, label: str) -> str:
        body = self.page.labels[label][1]
        return f"Equation ({self.numbers[label]}), from the page {self.page_link()}:\n\n{self._equation(body, label)}"

    def _role(self, match: re.Match) -> str:
        name, content = match["name"].split(":")[0], " ".join(match["content"].split())
        titled = _TITLED.match(content)
        text, target = (titled["text"], titled["target"]) if titled else ("", content)
        if name == "math":
            return f"${content}$"
        if name == "cite":
            return "; ".join(self.works.get(key.strip(), key.strip()) for key in content.split(","))
        if name == "doc":
            return f"[{text or target}]({self._address(target)})" if self.book else f"*{text or target.split('/')[-1]}* (in the book)"
        if name in ("eq", "numref", "ref", "prf"):
            return self._reference(target, text if name == "ref" else "")
        return text or content

    def _reference(self, label: str, text: str) -> str:
        kind, caption = self.page.labels.get(label, ("", ""))
        if kind == "equation":
            return f"({self._number(label)})"
        if kind == "figure":
            return f'the figure "{caption.split(". ")[0].rstrip(".")}" of the page {self.page_link("#" + label)}'
        titles = {exercise.label: exercise.title for exercise in self.page.exercises}
        return text or (f'exercise "{titles[label]}"' if label in titles else f"*{label}* (in the book)")

    def _link(self, match: re.Match) -> str:
        text, target = match["text"], match["target"]
        if re.match(r"[a-z]+:", target):
            return match[0]
        return f"[{text}]({self._address(target)})" if self.book else f"{text} (in the book)"

    def _address(self, target: str) -> str:
        path, _, anchor = target.partition("#")
        folder = Path("chapters") / self.page.name
        parts: list[str] = [] if path.startswith("/") else list(folder.parent.parts)
        for part in path.strip("/").split("/"):
            parts = parts[:-1] if part == ".." else parts if part in ("", ".") else [*parts, part]
        address = "/".join(parts) if path else str(folder)
        return f"{self.book}/{address.removesuffix('.md')}.html" + (f"#{anchor}" if anchor else "")


def read_works(bibliography: Path) -> dict[str, str]:
    """Return "Author (year)" for every key of a BibTeX file; nothing when there is no such file."""
    works = {}
    text = bibliography.read_text() if bibliography.is_file() else ""
    for entry in re.split(r"^@", text, flags=re.MULTILINE)[1:]:
        key = re.match(r"\w+\s*\{\s*([^,\s]+)\s*,", entry)
        if key:
            fields = dict(re.findall(r"^\s*(author|year)\s*=\s*[{\"]?(.*?)[}\"]?,?\s*$", entry, re.MULTILINE | re.IGNORECASE))
            works[key[1]] = _cited(key[1], fields)
    return works


def _cited(key: str, fields: dict[str, str]) -> str:
    """Name a work by its authors and its year."""
    names = [name.split(",")[0].split()[-1].strip("{}") for name in fields.get("author", "").split(" and ") if name.strip()]
    who = names[0] + " et al." if len(names) > 2 else " and ".join(names)
    return f"{who} ({fields['year']})" if who and "year" in fields else key
