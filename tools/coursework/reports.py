"""What a copy runs of a test, and how what it reports is compared, outside, with what the reference solution gave."""

import ast
import symtable
from copy import deepcopy

import numpy as np

REPORTER = "__nnqg__"  # what a copy knows the guard's reporter as


class _ReportValues(ast.NodeTransformer):
    """`grading.close(what, value, expected)` becomes `__nnqg__.report(value)`."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="grading"), attr="close"), args=[_, value, _], keywords=options):
                if any(option.arg == "hint" and not isinstance(option.value, ast.Constant) for option in options):
                    raise SystemExit(f"a hint is constant text, not {ast.unparse(node)}")
                return ast.Call(ast.Attribute(ast.Name(REPORTER, ast.Load()), "report", ast.Load()), [value], [])
        return node


class _KeepNeeded(ast.NodeTransformer):
    """Only the statements that report stay, and those that define or change a name which these need."""

    def __init__(self, needed: set[str]):
        self.needed = needed

    def visit(self, node: ast.AST):
        if not isinstance(node, ast.stmt):
            return node
        if REPORTER in _read(node):
            return self.generic_visit(node)
        return node if _changed(node) & self.needed else None


def calls_only(source: str) -> str:
    """Return a test without anything that only what is expected needs.

    That nothing is missing is proved whenever the reference solution runs.
    """
    whole = _ReportValues().visit(ast.parse(source))
    if "grading" in _read(whole) or REPORTER not in _read(whole):
        raise SystemExit(f"a test calls grading.close(what, value, expected, ...), by this name, and nothing else of it:\n{source}")
    needed, before = {REPORTER}, None
    while needed != before:
        before = needed
        kept = _KeepNeeded(needed).generic_visit(deepcopy(whole))
        needed = _read(kept)
    if unread := {name.id for name in ast.walk(kept) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)} - needed:
        raise SystemExit(f"only what is expected needs {', '.join(sorted(unread))}: bind it in a statement of its own in\n{source}")
    return ast.unparse(ast.fix_missing_locations(kept))


def _read(node: ast.AST) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)}


def _changed(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds, and those of the arrays into which it writes."""
    symbols = symtable.symtable(ast.unparse(statement), "<test>", "exec").get_symbols()
    arrays = (node.value for node in ast.walk(statement) if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store))
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}.union(*map(_read, arrays))


def disagreement(reports: list, checks: list[dict]) -> str:
    """Return the message of the first check that does not pass, "" when there is none among those that were reported."""
    from nnqg import grading

    for report, check in zip(reports, checks, strict=False):
        try:
            grading.close(check["what"], rebuild(report), rebuild(check["expected"]), **check["options"])
        except grading.CheckFailed as failure:
            return str(failure)
        except Exception:  # whatever is wrong with a report that nobody but the copy has made
            return f"{check['what']}: the report cannot be read."
    return ""


def rebuild(plain):
    """Return a value from its report: numbers and arrays as they were, of any other object one with the same name of its type."""
    if isinstance(plain, list):
        return [rebuild(entry) for entry in plain]
    if "type" in plain:
        return type(plain["type"][:50], (), {})()
    numbers = [complex(text) if "j" in text else float(text) for text in plain["numbers"]]
    if plain["kind"] == "a number":
        return numbers[0]
    array = np.array(numbers).reshape(plain["shape"])
    if plain["kind"] == "a numpy array":
        return array
    import torch

    return torch.from_numpy(array)
