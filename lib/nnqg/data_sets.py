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
from nnqg.boundary import checked
from nnqg.errors import DamagedData

__all__ = ["DataSet", "load", "names"]

_FIELDS = {"file": str, "sha256": str, "units": dict, "description": str, "source": str, "licence": str}


@checked
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


@checked
def load(name: str) -> DataSet:
    """Read the data set of one of the `names` and verify its checksum.

    Raises
    ------
    DamagedData
        If the file or the registry is missing or damaged, differs from its checksum, or lacks a unit for a column.

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
    try:
        registry = tomllib.loads((files("nnqg") / "data" / "registry.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedData("registry.toml", f"it cannot be read ({error})") from error
    for name, entry in registry.items():
        if not isinstance(entry, dict) or not all(isinstance(entry.get(field), kind) for field, kind in _FIELDS.items()):
            raise DamagedData("registry.toml", f"{name} lacks one of {', '.join(_FIELDS)}")
        if not all(isinstance(unit, str) for unit in entry["units"].values()):
            raise DamagedData("registry.toml", f"a unit of {name} is no text")
    if not registry:
        raise DamagedData("registry.toml", "it names no data set")
    return registry


def _read(file: str, sha256: str) -> dict[str, np.ndarray]:
    path = files("nnqg") / "data" / file
    if not path.is_file():
        raise DamagedData(file, "it is missing")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedData(file, "its checksum differs from the one in registry.toml")
    try:
        names, *rows = csv.reader(io.StringIO(content.decode("utf-8")), strict=True)
        table = np.array(rows, dtype=float).reshape(len(rows), len(names))
    except (ValueError, csv.Error) as error:
        raise DamagedData(file, f"it is no table of numbers ({error})") from error
    if not table.size or len(set(names)) != len(names) or not np.isfinite(table).all():
        raise DamagedData(file, "it has no rows, two columns of one name, or a number that is not finite")
    return dict(zip(names, table.T.copy(), strict=True))
