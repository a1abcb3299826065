"""Turn MyST Markdown into the plain Markdown that any notebook program shows.

Directives become paragraphs, quotes and `$$` equations; roles become words.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

OPENING = re.compile(r"^\s*(?P<fence>`{3,}|:{3,})\{(?P<name>[\w:-]+)\}\s*(?P<title>.*)$")
CODE = re.compile(r"^\s*(?P<fence>`{3,}|~{3,})(?!\{)")
OPTION = re.compile(r"^:(?P<key>[\w-]+):\s*(?P<value>.*)$")
ROLE = re.compile(r"\{(?P<name>[\w:-]+)\}`(?P<text>[^`]+)`")
TARGET = re.compile(r"^\((?P<label>[\w:.-]+)\)=\s*$")
EQUATION_END = re.compile(r"^\$\$\s*\((?P<label>[\w:.-]+)\)\s*$")
LINK = re.compile(r"(?P<bare>(?<!!)\[)?\]\((?P<path>(?!https?:)[^)#]+)\.md(?P<anchor>#[^)]*)?\)")
DROPPED = {"case-file-end", "tableofcontents", "toctree", "eval-rst", "bibliography", "solution-end", "raw", "include"}


@dataclass
class Words:
    """What the roles of a page stand for: label or key -> text."""

    equations: dict[str, str] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    exercises: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    citations: dict[str, str] = field(default_factory=dict)
    run_times: dict[str, str] = field(default_factory=dict)
    library: Path = Path("lib")


def convert(text: str, words: Words) -> str:
    """Return a Markdown cell without MyST."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_blocks(text.splitlines(), words))).strip()


def _blocks(lines: list[str], words: Words) -> list[str]:
    out, i = [], 0
    while i < len(lines):
        if match := OPENING.match(lines[i]):
            end = _closing(lines, i, match["fence"])
            out += ["", *_directive(match["name"], match["title"].strip(), lines[i + 1 : end], words), ""]
            i = end + 1
        elif match := CODE.match(lines[i]):
            end = _closing(lines, i, match["fence"])
            out += lines[i : end + 1]
            i = end + 1
        else:
            out += _line(lines[i], words)
            i += 1
    return out


def _closing(lines: list[str], start: int, fence: str) -> int:
    """Return the line that closes a fence: the same sign, at least as often."""
    for i in range(start + 1, len(lines)):
        stripped = lines[i].strip()
        if len(stripped) >= len(fence) and set(stripped) == {fence[0]}:
            return i
    raise ValueError(f"nothing closes {lines[start]!r}")


def _line(line: str, words: Words) -> list[str]:
    if TARGET.match(line) or line.startswith("% "):
        return []
    if match := EQUATION_END.match(line):
        return [rf"\tag{{{words.equations.get(match['label'], '')}}}", "$$"]
    line = LINK.sub(lambda match: _link(match, words), line)
    return [ROLE.sub(lambda match: role(match["name"], match["text"], words), line)]


def _link(match: re.Match, words: Words) -> str:
    """Return the end of a link to a page's notebook; a link without a text, which the book fills in, gets the title of the page."""
    path = Path(match["path"])
    name = path.name if path.name != "index" else path.parent.name
    shown = f"[{words.titles.get(name, name)}" if match["bare"] else ""
    return f"{shown}]({path.as_posix()}.ipynb{match['anchor'] or ''})"


def _directive(name: str, title: str, body: list[str], words: Words) -> list[str]:
    options, body = _options(body)
    if name in DROPPED:
        return []
    if name == "math":
        tag = [rf"\tag{{{words.equations[options['label']]}}}"] if "label" in options else []
        return ["$$", *([title] if title else []), *[line for line in body if line.strip()], *tag, "$$"]
    if name in ("code", "code-block", "code-cell"):
        return [f"```{title}", *body, "```"]
    if name in ("figure", "image"):
        return [f"*Figure in the book: {options.get('alt', title)}*", "", *_blocks(body, words)]
    if name == "exercise":
        return [f"### Exercise {words.exercises.get(options.get('label', ''), '')}: {title}", "", *_blocks(body, words)]
    if name in ("solution-start", "solution"):
        return ["**Solution**", "", *_blocks(body, words)]
    if name == "library-source":
        module, function = title.split()
        from sphinx_ext.nnqg_book.library_source import source_of  # here, because Sphinx and the library come with it

        return [f"`{module}.{function}`:", "", "```python", *source_of(words.library, module, function).splitlines(), "```"]
    if name == "case-file-start":
        return [f"**Case file: {_line(title, words)[0]}**"]
    if "dropdown" in options.get("class", "").split():
        return [f"<details><summary>{title}</summary>", "", *_blocks(body, words), "", "</details>"]
    heading = _heading(name, title)
    return [f"> {line}".rstrip() for line in [*heading, *_blocks(body, words)]]


def _heading(name: str, title: str) -> list[str]:
    """Return the bold first line of a boxed paragraph."""
    kind = name.removeprefix("prf:").replace("-", " ").capitalize()
    if name.startswith("prf:"):
        return [f"**{kind}{f' ({title})' if title else ''}**", ""]
    if name in ("admonition", "dropdown", "card"):
        return [f"**{title}**", ""]
    return [f"**{kind}**{f' {title}' if title else ''}", ""]


def _options(body: list[str]) -> tuple[dict[str, str], list[str]]:
    """Split the `:key: value` lines (or the YAML block) at the top of a directive from its text."""
    options, rest = {}, dedent("\n".join(body)).splitlines()
    while rest and (match := OPTION.match(rest[0])):
        options[match["key"]] = match["value"]
        rest = rest[1:]
    if rest and rest[0] == "---":
        end = rest.index("---", 1)
        options |= dict(line.split(": ", 1) for line in rest[1:end] if ": " in line)
        rest = rest[end + 1 :]
    return options, rest


def role(name: str, text: str, words: Words) -> str:
    """Return the words that a role stands for."""
    shown, target = _split(text)
    if name == "math":
        return f"${text}$"
    if name == "eq":
        return f"({words.equations.get(text, text)})"
    if name == "numref":
        number = words.figures.get(target, target)
        return shown.replace("%s", number).replace("{number}", number) if shown else f"Fig. {number}"
    if name.startswith("cite"):
        return "; ".join(words.citations.get(key.strip(), key.strip()) for key in text.split(","))
    if name == "run-time":
        return words.run_times.get(text, "not yet measured")
    if name in ("ref", "doc", "prf:ref", "any"):
        exercise = f"Exercise {words.exercises[target]}" if target in words.exercises else None
        return shown or exercise or f"*{words.titles.get(target.split('/')[-1], target)}*"
    return f"`{(shown or target).lstrip('~')}`" if ":" in name else (shown or target)


def _split(text: str) -> tuple[str, str]:
    """Split `shown <target>`; what is shown is empty when only the target is given."""
    match = re.fullmatch(r"(?s)(.+?)\s*<(.+)>", text)
    return (match[1], match[2]) if match else ("", text)
