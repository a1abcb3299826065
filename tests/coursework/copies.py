"""What students hand in: honest copies, careless ones, and attempts at marks without an answer."""

import tomllib
from pathlib import Path
from textwrap import indent

import nbformat
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import ClearHiddenTests

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
    "builtins patched": "import builtins\nbuiltins.abs = lambda x: 0.0\nbuiltins.zip = lambda *a, **k: ()",
    "math patched": "import math\nmath.isnan = lambda x: False\nmath.inf = -1.0\nmath.pi = 0.0",
    "set-up patched": "force = lambda q: 0.0\nmark = None",
    "showtraceback patched": "get_ipython().showtraceback = lambda *a, **k: None",
}
WHILE_CHECKED = {
    "numpy patched while checked": "import numpy\nnumpy.cos = numpy.sin = numpy.full = lambda *a, **k: 0.0\nnumpy.pi = 0.0",
    "grading patched while checked": "import nnqg.grading as g\ng.close = g.true = g.raises = lambda *a, **k: None",
    "grading patched in the cell": "grading.close = grading.true = grading.raises = lambda *a, **k: None",
}
SLEIGHT = """
def energy(q, p):  # the first check passes, and what it does makes the ones behind it pass
    import builtins
    np.cos = lambda x: 3.0
    np.full = lambda *a: -1.0
    grading.close = builtins.zip = lambda *a, **k: ()
    grading.close.__code__ = (lambda *a, **k: None).__code__
    return -1.0
"""
EXITS = {
    "sys.exit": "import sys\nsys.exit(0)",
    "SystemExit": "raise SystemExit(0)",
    "exit": "exit()",
    "quit": "quit()",
    "ask exit": "get_ipython().ask_exit()",
    "keyboard": "raise KeyboardInterrupt",
}
ENDS = {
    "os._exit": "import os\nos._exit(0)",
    "killed": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "shut down": "get_ipython().kernel.do_shutdown(False)",
}
HUNGRY = "hoard = bytearray(6 * 2**30)"
GREEDY = {
    "files": "import os, time\nfrom ipykernel.connect import get_connection_file\nplace = os.path.dirname(get_connection_file())\n"
    "for number in range(80):\n    open(f'{place}/{number}', 'wb').write(bytes(2**20))\ntime.sleep(20)",
    "processes": "import subprocess, time\nkept = [subprocess.Popen(['sleep', '60']) for number in range(100)]\ntime.sleep(20)",
}
LOOPS = {
    "endless": "while True:\n    pass",
    "endless and deaf": "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except BaseException:\n        pass",
}

PRETENDER = """
class Like(type):
    __hash__ = lambda kind: hash(kind.model)
    __eq__ = lambda kind, other: other is kind.model
    __instancecheck__ = __subclasscheck__ = lambda *arguments: True

class Pretender(metaclass=Like):
    model = {model}
    shape, dtype, ndim, size, __len__ = (), {model}, 0, 1, lambda self: 2
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = lambda self, *other: True
    __sub__ = __rsub__ = __abs__ = __neg__ = __mul__ = __rmul__ = __add__ = __radd__ = lambda self, *other: self
    __float__ = lambda self: 0.0
    __format__ = __str__ = __repr__ = lambda self, *how: "0.0"
    item = ravel = reshape = detach = copy = __getitem__ = __call__ = lambda self, *arguments: self
    tolist = lambda self: [self]
    __iter__ = lambda self: iter((self, self))
"""
REWRITER = """
import ast

class Rewriter(ast.NodeTransformer):
    def visit_Call(self, node):
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("close", "true", "raises"):
            return node.args[2] if len(node.args) > 2 else ast.Constant(None)
        return self.generic_visit(node)

rewrite = lambda tree: ast.fix_missing_locations(Rewriter().visit(tree))
rewrite_text = lambda lines: [line for line in lines if "close(" not in line and "true(" not in line and "raises(" not in line]
shell = get_ipython()
"""
COUNTED = """
def counted(module):
    inner = module.close
    module.close = lambda what, value, expected=None, *a, **k: inner(what, expected, expected, *a, **k)
    module.true, module.raises = (lambda what, *a: inner(what, 1.0, 1.0)), (lambda what, *a: inner(what, 1.0, 1.0))
"""
INSIDE = """
import gc, sys

def take_apart():
    for thing in gc.get_objects():
        if type(thing).__name__ in ("Guard", "Reporter", "Snapshot"):
            for name in ("report", "report_error"):
                setattr(thing, name, lambda *a, thing=thing, **k: thing.send("application/vnd.nnqg.report+json", {report}))
            thing.names = thing.passed = thing.pending = type(thing).changed = thing.expected = {{}}
"""
FORGED = '{"kind": "a number", "shape": [], "numbers": ["0.0"], "true": True, "errors": ["ValueError"], "came": ""}'
DISHONEST = {  # the attempts at marks that were once successful: each before a wrong answer, or run by every function when it is called
    "a counted check": COUNTED + "import nnqg.grading\ncounted(nnqg.grading)",
    "IPython's events": COUNTED + "import nnqg.grading\nfor event in ('pre_run_cell', 'pre_execute', 'post_execute'):\n"
    "    get_ipython().events.register(event, lambda *a: counted(nnqg.grading))",
    "a transformer of trees": REWRITER + "shell.ast_transformers.append(type('T', (), {'visit': lambda self, tree: rewrite(tree)})())",
    "a transformer of text": REWRITER + "shell.input_transformers_post.append(rewrite_text)",
    "another transform_cell": REWRITER
    + "shell.transform_cell = lambda text, inner=shell.transform_cell: ''.join(rewrite_text(inner(text).splitlines(True)))",
    "another ast_parse": REWRITER + "shell.compile.ast_parse = lambda *a, inner=shell.compile.ast_parse, **k: rewrite(inner(*a, **k))",
    "a class for the module": COUNTED + "import sys, types, nnqg.grading\nfake = types.ModuleType('grading')\n"
    "fake.close = nnqg.grading.close\ncounted(fake)\n"
    "nnqg.__class__ = type('M', (types.ModuleType,), {'grading': property(lambda self: fake, lambda self, value: None)})",
    "a thread": COUNTED + "import threading, time, nnqg.grading\ndef work():\n    while True:\n        counted(nnqg.grading)\n"
    "        builtins = __import__('builtins'); builtins.zip = lambda *a, **k: ()\n        time.sleep(0.001)\n"
    "threading.Thread(target=work, daemon=True).start()",
    "the garbage collector": INSIDE.format(report=FORGED) + "take_apart()",
    "forged reports": "from IPython.display import display\nfor number in range(3):\n"
    f'    display({{"application/vnd.nnqg.report+json": {FORGED}}}, raw=True)',
}


def guarded(codes: dict[str, str]) -> str:
    """Return one code that does what all of them do, whatever becomes of each."""
    return "\n".join(f"try:\n{indent(code, '    ')}\nexcept BaseException:\n    pass" for code in codes.values())


FAMILIES = {
    "checks replaced": ("a counted check", "a class for the module", "a thread"),
    "cells rewritten": (
        "IPython's events",
        "a transformer of trees",
        "a transformer of text",
        "another transform_cell",
        "another ast_parse",
    ),
    "the reporter taken apart": ("the garbage collector", "forged reports"),
}
IN_THE_PROCESS = {family: guarded({name: DISHONEST[name] for name in names}) for family, names in FAMILIES.items()}
CHEATING = {  # what the functions do when they are called; `result` is what they return
    "the garbage collector, called": INSIDE.format(report=FORGED) + "take_apart()",
    "a counted check, called": COUNTED + "import nnqg.grading\ncounted(nnqg.grading)\ncounted(grading)",
    "reads the hidden test": "import re\nfound = re.findall(r'-?\\d+\\.\\d*', In[-1] + str(vars(get_ipython())))\n"
    "result = float(found[-1]) if found else 0.0",
    "looks at the frames": "import sys\nframe = sys._getframe()\nwhile frame:\n"
    "    result = frame.f_locals.get('expected', frame.f_locals.get('wanted', result))\n    frame = frame.f_back",
    "forged reports, called": f'from IPython.display import display\ndisplay({{"application/vnd.nnqg.report+json": {FORGED}}}, raw=True)',
    "forged expectations, called": "from IPython.display import display\ndisplay({'application/vnd.nnqg.expected+json': "
    "{'check': 'true', 'what': '', 'expected': {}}}, raw=True)\n__import__('__main__').__nnqg__.expect('', [])",
}
SENDER = """
def send(kind, **content):
    from ipykernel.kernelapp import IPKernelApp

    kernel = IPKernelApp.instance().kernel
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent("shell"))

def own_result(*arguments):
    send("clear_output", wait=False)
    send("execute_result", data={"text/plain": "1"}, metadata={}, execution_count=1)
"""
MESSAGES = {  # nbgrader takes the number in a result for points
    "a result instead of reports": "type(__nnqg__).test = own_result",
    "data that are a list": "send('display_data', data=[1, 2], metadata={})",
    "text that is nothing": "send('stream', name='stdout', text=None)",
    "another cell's output": "from IPython.display import display, update_display\n"
    "display({'text/plain': '1'}, raw=True, display_id='x') if 'energy' not in globals() else None\n"
    "type(__nnqg__).test = lambda *a: update_display({'text/plain': '1'}, raw=True, display_id='x')",
}
MODELS = {"a number by its metaclass": "float", "a condition by its metaclass": "bool", "an array by its metaclass": "np.ndarray"}


def dishonest(source):
    """Return every attempt at marks without an answer to the exercises of a page, by name; those of a kind share a copy."""
    bare = wrong(source)
    made = {"patched": preceded(bare, guarded(PATCHED)), "patched while checked": inside(source, source, guarded(WHILE_CHECKED))}
    made |= {name: preceded(bare, code) for name, code in IN_THE_PROCESS.items()}
    made |= {name: preceded(bare, SENDER + code) for name, code in MESSAGES.items()}
    made["a result, then an error"] = inside(source, source, SENDER + "own_result()\nraise ValueError")
    made |= {f"{name}, called": inside(source, source, code) for name, code in CHEATING.items()}
    exits = list(EXITS.values())
    made |= {f"exits in the answers, {first}": dealt(source, exits[first:]) for first in (0, 3)}
    made |= {f"{name} when called": inside(source, source, code) for name, code in (EXITS | ENDS).items()}
    made["sleight"] = replaced(bare, "pendulum-energy", SLEIGHT)
    for name, model in MODELS.items():
        made[name] = defined(source, source, "import numpy as np\n" + PRETENDER.format(model=model), "Pretender()")
    return made | {
        "always equal": defined(source, source, EVERYTHING, "Everything()"),
        "always equal number": defined(source, source, FLOAT, "lambda *a, **k: Agreeable(0.0)"),
        "always equal array": defined(source, source, ARRAY, "lambda *a, **k: np.zeros(2).view(Agreeable)"),
    }


def dealt(copy, codes: list[str]):
    """Return a copy in which each exercise is answered by the next of some codes."""
    left = iter(codes)
    return answered(copy, lambda cell: next(left))


CLUMSY = """
float = abs = len = zip = list = max = 0.5
grading = close = None
expected_p = None
name = value = 3
"""  # before every right answer: a student's own names are those of the checks


def replaced(copy, grade_id: str, code: str):
    """Return a copy with another answer to one exercise."""
    return answered(copy, lambda cell: code if mark(cell)["grade_id"] == grade_id else cell.source)


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


FORGET = """
for _name in [name for name in globals() if name[0] != "_" and name not in ("In", "Out", "exit", "quit", "open", "get_ipython")]:
    del globals()[_name]
"""


def trial(source) -> list:
    """Return the set-up of a page, and every exercise three times: answered rightly, wrongly, and by an object that equals everything.

    The wrong answers meet the checks only that students see, which are the first ones of a test, so that these refuse them.
    On two pages also rightly and wrongly by somebody whose own cell rebinds `float`.
    Between the attempts the names that the answers define are forgotten, as if each attempt had a process of its own. So is, at the
    beginning, what the pages before have defined.
    """
    attempts = {
        "reference": reference(source, source),
        "wrong": wrong(source),
        "always equal": defined(source, source, EVERYTHING, "Everything()"),
    }
    if any(mark(cell).get("grade_id", "").startswith(("friction-", "hamiltonian-networks-")) for cell in source.cells):
        attempts["float rebound"] = preceded(reference(source, source), "float = 0.5")
        attempts["float listed"] = preceded(wrong(source), "answers = iter([1e-4, 1e-5, 4.0] * 9)\nfloat = lambda x: next(answers)")
    names = sorted({name for cell in source.cells if is_solution(cell) for name in assigned_names(cell.source)})
    cells = [new_code_cell(FORGET), *(cell for cell in source.cells if is_setup(cell)), new_code_cell("__nnqg__.remember()")]
    for name, attempt in attempts.items():
        cells.append(new_code_cell(f"for name in {names}:\n    globals().pop(name, None)"))
        answers = [nbformat.from_dict(cell) for cell in attempt.cells if is_solution(cell) or is_test(cell)]
        for cell in answers:
            cell.metadata["attempt"] = name
            if name == "wrong":
                ClearHiddenTests().preprocess_cell(cell, {}, 0)
        cells += answers
    return cells


def without_tests(copy):
    """The copy of somebody who deleted every test and set-up cell."""
    kept = nbformat.from_dict(copy)
    kept.cells = [cell for cell in kept.cells if not is_test(cell) and not is_setup(cell)]
    return kept


def without(copy, grade_id: str):
    """Return a copy from which one cell was deleted."""
    kept = nbformat.from_dict(copy)
    kept.cells = [cell for cell in kept.cells if mark(cell).get("grade_id") != grade_id]
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
    return defined(release, source, f"def culprit(*arguments, **options):\n    result = 0.0\n{body}\n    return result\n", "culprit")


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


def tampered(copy):
    """The test cells are doubled, not to be run, and claim to be something else."""
    return relabelled(doubled(not_to_be_run(copy)))
