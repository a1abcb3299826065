"""The book's data sets: files in the package, each with checksum, units, source and licence note."""

import csv
import hashlib
import io
import tomllib
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.errors import DamagedData

__all__ = ["DataSet", "load", "names"]


@dataclass(frozen=True)
class DataSet:
    """A table of numbers and where it comes from.

    Attributes
    ----------
    name : str
        Its name in the registry.
    columns : dict of str to numpy.ndarray, shape (row,)
        The numbers by column name.
    units : dict of str to str
        The unit of each column; "1" for a pure number.
    description, source, licence : str
        What it is, who measured or published it, under which terms it is used here.
    """

    name: str
    columns: dict[str, Float[np.ndarray, " row"]]
    units: dict[str, str]
    description: str
    source: str
    licence: str


def names() -> list[str]:
    """Names of all data sets, sorted.

    Examples
    --------
    >>> "chiral-condensate" in names()
    True
    """
    return sorted(_registry())


def load(name: str) -> DataSet:
    """Read the data set of one of the `names` and verify its checksum.

    Raises
    ------
    DamagedData
        If the file is missing, differs from its checksum, or lacks a unit for a column.

    Examples
    --------
    >>> data = load("chiral-condensate")
    >>> len(data.columns["quark_mass"])
    6
    """
    registry = _registry()
    entry = registry[checks.option("name", name, sorted(registry))]
    columns = _read(entry["file"], entry["sha256"])
    if set(columns) != set(entry["units"]):
        raise DamagedData("registry.toml", f"units of {name} name {sorted(entry['units'])}, the file has {sorted(columns)}")
    return DataSet(name, columns, entry["units"], entry["description"], entry["source"], entry["licence"])


def _registry() -> dict[str, dict]:
    return tomllib.loads((files("nnqg") / "data" / "registry.toml").read_text(encoding="utf-8"))


def _read(file: str, sha256: str) -> dict[str, np.ndarray]:
    path = files("nnqg") / "data" / file
    if not path.is_file():
        raise DamagedData(file, "it is missing")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedData(file, "its checksum differs from the one in registry.toml")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
    return {column: np.array([float(row[column]) for row in rows]) for column in rows[0]}
