"""What the copy runs of a test, and how what it reports is compared, outside, with what the reference solution gave."""

import ast
from copy import deepcopy

import numpy as np

KEPT = {"close": (1, "value", "report"), "true": (1, "condition", "report"), "raises": (2, "call", "report_error")}  # what stays in a copy


class _OnlyValues(ast.NodeTransformer):
    """`grading.close(what, value, expected)` becomes `__nnqg__.report(value)`; the same for the other checks."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        match node.func:
            case ast.Attribute(value=ast.Name(id="grading"), attr=check) if check in KEPT:
                place, name, report = KEPT[check]
                named = [option.value for option in node.keywords if option.arg == name]
                if any(option.arg == "hint" and not isinstance(option.value, ast.Constant) for option in node.keywords):
                    raise SystemExit(f"a hint is constant text, not {ast.unparse(node)}")
                value = named[0] if named else node.args[place]
                return ast.Call(ast.Attribute(ast.Name("__nnqg__", ast.Load()), report, ast.Load()), [value], [])
        return node


def calls_only(source: str) -> str:
    """Return a test without anything that only what is expected needs.

    What stays are the checks, each with the value that it looks at, and the statements that define or change a name which these
    need. That nothing is missing is proved whenever the reference solution runs.
    """
    tree = _OnlyValues().visit(ast.parse(source))
    needed: set[str] = set()
    while True:
        pruned = ast.Module(_prune(deepcopy(tree.body), needed), [])
        if _read(pruned) == needed:
            break
        needed = _read(pruned)
    if unread := {name.id for name in ast.walk(pruned) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)} - needed:
        raise SystemExit(f"only what is expected needs {', '.join(sorted(unread))}: bind it in a statement of its own in\n{source}")
    if "grading" in needed:
        raise SystemExit(f"a test may only call grading.close, .true and .raises, each by this name:\n{source}")
    return ast.unparse(ast.fix_missing_locations(pruned))


def _prune(body: list[ast.stmt], needed: set[str]) -> list[ast.stmt]:
    """Return the statements that report, pruned inside, and those that define or change what is needed."""
    kept = []
    for statement in body:
        if "__nnqg__" in _read(statement):
            for part in ("body", "orelse", "finalbody"):
                if getattr(statement, part, None):
                    setattr(statement, part, _prune(getattr(statement, part), needed) or [ast.Pass()])
            kept.append(statement)
        elif _changed(statement) & needed:
            kept.append(statement)
    return kept


def _read(node: ast.AST) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)}


def _changed(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds, and those of the objects that it may change."""
    names: set[str] = set()
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.alias(name=name, asname=other):
                names.add(other or name.split(".")[0])
            case ast.Subscript(value=value, ctx=ast.Store()) | ast.Attribute(value=value, ctx=ast.Store()):
                names |= _read(value)
            case ast.Expr(value=ast.Call(func=called, args=arguments)):
                while isinstance(called, ast.Attribute | ast.Subscript):
                    called = called.value
                names |= {thing.id for thing in (called, *arguments) if isinstance(thing, ast.Name)}
    return names - {"np", "torch"}


def passed(reports: list, checks: list[dict]) -> tuple[int, str]:
    """Return how many checks passed before the first that did not, and the message of that one."""
    number = 0
    for number, (report, check) in enumerate(zip(reports, checks, strict=False)):
        try:
            _compare(report, check)
        except AssertionError as failure:
            return number, str(failure)
        except Exception:  # whatever is wrong with a report that nobody but the copy has made
            return number, f"{check['what']}: the report cannot be read."
    number = min(len(reports), len(checks))
    return number, "" if len(reports) <= number else f"{len(reports)} values were reported, {number} are expected."


def _compare(report, check: dict):
    """Check a report as `nnqg.grading` checks the value."""
    from nnqg import grading

    what, hint = check["what"], check["hint"]
    if check["check"] == "close":
        grading.close(what, rebuild(report), rebuild(check["expected"]), check["rtol"], check["atol"], hint=hint)
    elif check["check"] == "true":
        grading.true(what, rebuild(report), hint=hint)
    elif check["error"] not in report["errors"]:
        ending = f" Hint: {hint}" if hint else ""
        raise AssertionError(f"{what}: expected the error {check['error']}, got {report['came'][:200]}.{ending}")


def rebuild(plain):
    """Return a value from its report: numbers and arrays as they were, of any other object one with the same name of its type."""
    if isinstance(plain, list):
        return [rebuild(entry) for entry in plain]
    if "numbers" not in plain:
        return plain["true"] is True if "true" in plain else type(plain["type"][:50], (), {})()
    numbers = [_number(text) for text in plain["numbers"]]
    if plain["kind"] == "a number":
        return numbers[0]
    array = np.array(numbers).reshape(plain["shape"])
    if plain["kind"] == "a numpy array":
        return array
    import torch

    return torch.from_numpy(array)


def _number(text: str) -> complex:
    """Read the number that a report holds as text."""
    for kind in (int, float, complex):
        try:
            return kind(text[:400])
        except ValueError:
            pass
    raise ValueError(text)
