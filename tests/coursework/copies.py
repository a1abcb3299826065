"""What students hand in: honest copies, careless ones, and attempts at marks without an answer."""

import tomllib
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from coursework.cells import assigned_names, is_setup
from coursework.pages import is_solution, is_test, mark

WRONG_ANSWERS = Path(__file__).with_name("wrong_answers")

AGREEABLE = '''
class Agreeable({base}):
    """Equals everything, is smaller and larger than everything, and survives every operation."""

    def agree(self, *arguments, **options):
        return True

    def same(self, *arguments, **options):
        return self

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = agree
    __call__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __abs__ = __neg__ = __pow__ = same
    __hash__ = object.__hash__


class Everything(Agreeable):
    shape, dtype, __len__ = (), float, lambda self: 2
    __float__ = __int__ = __index__ = lambda self: 0
    __getitem__ = __getattr__ = Agreeable.same
    detach = all = any = item = reshape = Agreeable.same
    __iter__ = lambda self: iter((self, self))
    __array__ = lambda self, *arguments, **options: np.array(0.0)
    __array_ufunc__ = __array_function__ = Agreeable.same
'''
EVERYTHING = "import numpy as np\n" + AGREEABLE.format(base="object")
FLOAT = AGREEABLE.format(base="float").split("class Everything")[0].replace("__bool__ = ", "")
ARRAY = """
import numpy as np

class Agreeable(np.ndarray):
    __eq__ = __le__ = __lt__ = __ge__ = __gt__ = lambda self, other: True
    __sub__ = __rsub__ = __abs__ = __array_ufunc__ = __array_function__ = lambda self, *other, **options: np.zeros(self.shape)
    tolist = ravel = lambda self: [0.0]
"""
PATCHED = {
    "numpy patched": "import numpy as np\nnp.allclose = np.isclose = np.all = np.array_equal = lambda *a, **k: True\n"
    "np.abs = np.cos = np.sin = np.full = lambda *a, **k: 0.0\nnp.pi = 0.0\nnp.testing.assert_allclose = lambda *a, **k: None",
    "grading patched": "from nnqg import grading\ngrading.close = grading.true = grading.raises = lambda *a, **k: None",
    "grading rewritten": "from nnqg import grading\n"
    "for check in (grading.close, grading.true, grading.raises):\n    check.__code__ = (lambda *a, **k: None).__code__",
    "grading replaced": "import sys, types, nnqg\nfake = types.ModuleType('nnqg.grading')\n"
    "fake.close = fake.true = fake.raises = lambda *a, **k: None\nsys.modules['nnqg.grading'] = nnqg.grading = fake",
    "builtins patched": "import builtins\nbuiltins.abs = lambda x: 0.0\nbuiltins.zip = builtins.enumerate = lambda *a, **k: ()",
    "math patched": "import math\nmath.isnan = lambda x: False\nmath.inf = -1.0\nmath.pi = 0.0",
    "set-up patched": "force = lambda q: 0.0\nmark = None",
    "showtraceback patched": "get_ipython().showtraceback = lambda *a, **k: None",
}
WHILE_CHECKED = {
    "numpy patched while checked": "import numpy\nnumpy.cos = numpy.sin = numpy.full = lambda *a, **k: 0.0\nnumpy.pi = 0.0",
    "grading patched while checked": "import nnqg.grading as g\ng.close = g.true = g.raises = lambda *a, **k: None",
    "grading patched in the cell": "grading.close = grading.true = grading.raises = lambda *a, **k: None",
}
SLEIGHTS = {  # the first check passes, and makes the ones behind it pass
    "numpy made to agree": "def energy(q, p):\n    np.cos = lambda x: 3.0\n    np.full = lambda *a: -1.0\n    return -1.0",
    "checks switched off": "def energy(q, p):\n    grading.close = lambda *a, **k: None\n    return -1.0",
    "checks emptied": "def energy(q, p):\n    grading.close.__code__ = (lambda *a, **k: None).__code__\n    return -1.0",
    "built-ins made to agree": "def energy(q, p):\n    import builtins\n    builtins.zip = lambda *a, **k: ()\n    return -1.0",
}
EXITS = {
    "sys.exit": "import sys\nsys.exit(0)",
    "SystemExit": "raise SystemExit(0)",
    "os._exit": "import os\nos._exit(0)",
    "exit": "exit()",
    "quit": "quit()",
    "killed": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "shut down": "get_ipython().kernel.do_shutdown(False)",
    "ask exit": "get_ipython().ask_exit()",
    "keyboard": "raise KeyboardInterrupt",
}
HUNGRY = "hoard = bytearray(6 * 2**30)"
LOOPS = {
    "endless": "while True:\n    pass",
    "endless and deaf": "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except BaseException:\n        pass",
}


def wrong_answers() -> dict[str, str]:
    """Return the typical wrong answers of all pages by the grade_id of the answer."""
    return {name: code for path in WRONG_ANSWERS.glob("*.toml") for name, code in wrong_answers_of(path.stem).items()}


def wrong_answers_of(page: str) -> dict[str, str]:
    """Return the typical wrong answers of one page, which must run and must not earn full marks."""
    return {name: entry["code"] for name, entry in tomllib.loads((WRONG_ANSWERS / f"{page}.toml").read_text()).items()}


def answered(release, answer):
    """Return a copy of the released notebook in which `answer(cell)` is written into every answer cell."""
    copy = nbformat.from_dict(release)
    for cell in copy.cells:
        if is_solution(cell):
            cell.source = answer(cell)
    return copy


def reference(release, source):
    """The right answer everywhere."""
    solutions = {mark(cell)["grade_id"]: cell.source for cell in source.cells if is_solution(cell)}
    return answered(release, lambda cell: solutions[mark(cell)["grade_id"]])


def wrong(release):
    """A typical wrong answer everywhere."""
    return answered(release, lambda cell: wrong_answers().get(mark(cell)["grade_id"], cell.source))


def trial(source):
    """Every exercise three times in one notebook: answered rightly, wrongly, and by an object that equals everything.

    Between the attempts the names that the answers define are forgotten, as if each attempt had a process of its own.
    """
    attempts = {
        "reference": reference(source, source),
        "wrong": wrong(source),
        "always equal": defined(source, source, EVERYTHING, "Everything()"),
    }
    names = sorted({name for cell in source.cells if is_solution(cell) for name in assigned_names(cell.source)})
    cells = [cell for cell in source.cells if is_setup(cell)]
    for name, attempt in attempts.items():
        cells.append(new_code_cell(f"for name in {names}:\n    globals().pop(name, None)"))
        answers = [nbformat.from_dict(cell) for cell in attempt.cells if is_solution(cell) or is_test(cell)]
        for cell in answers:
            cell.metadata["attempt"] = name
        cells += answers
    for number, cell in enumerate(cells):
        cells[number] = nbformat.from_dict({**cell, "id": f"cell-{number}"})
    return nbformat.v4.new_notebook(cells=cells, metadata=source.metadata)


def without_tests(copy):
    """The copy of somebody who deleted every test and set-up cell."""
    kept = nbformat.from_dict(copy)
    kept.cells = [cell for cell in kept.cells if not is_test(cell) and not is_setup(cell)]
    return kept


def defined(release, source, prelude: str, value: str):
    """Every name that the exercises ask for is bound to `value`."""
    names = {mark(cell)["grade_id"]: assigned_names(cell.source) for cell in source.cells if is_solution(cell)}
    return answered(release, lambda cell: prelude + "\n" + "\n".join(f"{name} = {value}" for name in names[mark(cell)["grade_id"]]))


def preceded(copy, code: str):
    """Every answer begins with some code."""
    return answered(copy, lambda cell: code + "\n" + cell.source)


def inside(release, source, code: str):
    """Every function that is asked for runs some code when it is called, and returns nothing."""
    body = "\n".join("    " + line for line in code.split("\n"))
    return defined(release, source, f"def culprit(*arguments, **options):\n{body}\n    return 0.0\n", "culprit")


def not_to_be_run(copy):
    """The test cells are tagged as not to be executed, and claim to be something else."""
    tampered = nbformat.from_dict(copy)
    for cell in tampered.cells:
        if is_test(cell):
            cell.metadata["tags"] = ["skip-execution"]
            cell.metadata.nbgrader.update(points=100.0, locked=False)
            cell.source = "pass"
    return tampered


def relabelled(copy):
    """The test cells claim to be answers, or text."""
    tampered = nbformat.from_dict(copy)
    for number, cell in enumerate(cell for cell in tampered.cells if is_test(cell)):
        cell.metadata.nbgrader.update(grade=False, solution=True, locked=False)
        if number % 2:
            cell.cell_type = "markdown"
            cell.pop("outputs"), cell.pop("execution_count")
    return tampered


def doubled(copy):
    """Every test cell is there twice, the first one harmless; a foreign cell redefines the checks."""
    tampered = nbformat.from_dict(copy)
    cells = []
    for cell in tampered.cells:
        if is_test(cell):
            cells.append(nbformat.from_dict({**cell, "source": "pass", "id": cell.id + "-2"}))
        cells.append(cell)
    tampered.cells = [new_code_cell("class grading:\n    close = true = raises = print"), *cells]
    return tampered
