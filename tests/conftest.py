"""Switch on the annotations of the library: jaxtyping checks shapes, beartype checks types, at every call of every test.

The bad-input session (`pytest -m bad_input`) runs without them, so that what is seen are the library's own errors. A function
compiled by numba says `@typing.no_type_check` below its decorator, because numba cannot compile a wrapped function.
"""

import sys
from types import ModuleType

import matplotlib
from beartype import BeartypeConf, beartype
from jaxtyping import install_import_hook

matplotlib.use("agg")


def pytest_configure(config):
    """Install the hook before anything imports the library."""
    if config.option.markexpr == "bad_input":
        return
    loaded = sorted(name for name in sys.modules if name.split(".")[0] == "nnqg")
    if loaded:
        raise RuntimeError(f"imported before its annotations were switched on: {loaded}")
    checker = ModuleType("numeric_tower")  # an integer passes for a float, as PEP 484 says
    checker.check = beartype(conf=BeartypeConf(is_pep484_tower=True))
    sys.modules["numeric_tower"] = checker
    install_import_hook("nnqg", "numeric_tower.check")
