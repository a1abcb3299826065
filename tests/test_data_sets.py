"""Every data set loads, says where it comes from, and is refused when damaged."""

import shutil
import tomllib
from importlib.resources import files

import numpy as np
import pytest

from nnqg import data_sets
from nnqg.errors import DamagedData, InvalidArgument

REGISTRY = tomllib.loads((files("nnqg") / "data" / "registry.toml").read_text(encoding="utf-8"))


@pytest.fixture
def copy_of_the_data(tmp_path, monkeypatch):
    shutil.copytree(files("nnqg") / "data", tmp_path / "data")
    monkeypatch.setattr(data_sets, "files", lambda package: tmp_path)
    return tmp_path / "data"


@pytest.mark.parametrize("name", data_sets.names())
def test_every_data_set_is_complete(name):
    data = data_sets.load(name)
    assert all(np.isfinite(column).all() for column in data.columns.values())
    assert len({len(column) for column in data.columns.values()}) == 1
    assert all((data.description, data.source, data.licence)) and all(data.units.values())


def test_every_file_is_registered():
    registered = {entry["file"] for entry in REGISTRY.values()}
    assert registered == {path.name for path in (files("nnqg") / "data").iterdir() if path.name.endswith(".csv")}


@pytest.mark.parametrize("name", data_sets.names())
def test_a_changed_byte_is_noticed(name, copy_of_the_data):
    path = copy_of_the_data / REGISTRY[name]["file"]
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(DamagedData, match=f"{path.name}: its checksum differs"):
        data_sets.load(name)


def test_a_missing_file_is_named(copy_of_the_data):
    (copy_of_the_data / "chiral-condensate.csv").unlink()
    with pytest.raises(DamagedData, match="chiral-condensate.csv: it is missing"):
        data_sets.load("chiral-condensate")


@pytest.mark.bad_input
def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(InvalidArgument, match="'chiral-condensate'"):
        data_sets.load("condensate")
