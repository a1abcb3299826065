"""Every data set loads, says where it comes from, and is refused when damaged."""

import hashlib
import shutil
import tomllib
from importlib.resources import files

import numpy as np
import pytest

from nnqg import data_sets
from nnqg.errors import DamagedData, InvalidArgument

WHOLE = (files("nnqg") / "data" / "registry.toml").read_bytes()
REGISTRY = tomllib.loads(WHOLE.decode("utf-8"))


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


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "text",
    [
        *(b"", b"not a table = [", b"\xff\xfe", b'chiral = "text"\n', b'[chiral-condensate]\nfile = "chiral-condensate.csv"\n'),
        b'["chiral-condensate"]\nfile = 3\nsha256 = ""\nunits = {}\ndescription = ""\nsource = ""\nlicence = ""\n',
        *(WHOLE.replace(b'= "GeV"', b"= 3", 1), WHOLE[:300], "\ufeff".encode() + WHOLE, WHOLE.replace(b'= "GeV"', b'= "G\xe9V"', 1)),
    ],
)
def test_a_damaged_registry_is_named(text, copy_of_the_data):
    (copy_of_the_data / "registry.toml").write_bytes(text)
    with pytest.raises(DamagedData, match=r"registry\.toml"):
        data_sets.load("chiral-condensate")


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "table",
    [
        *("", "a,b\n", "a,b\n1\n", "a,b\n1,2,3\n", "a,b\n1,x\n", "a,b\n1,nan\n", "a,b\n1,inf\n", "a,a\n1,2\n", "a,b\n1,\n"),
        'a,b\n"1,2\n',
    ],
)
def test_a_malformed_table_under_a_valid_checksum_is_damaged(table, copy_of_the_data):
    path = copy_of_the_data / "chiral-condensate.csv"
    path.write_text(table, encoding="utf-8")
    registry = copy_of_the_data / "registry.toml"
    old = REGISTRY["chiral-condensate"]["sha256"]
    registry.write_text(registry.read_text(encoding="utf-8").replace(old, hashlib.sha256(path.read_bytes()).hexdigest()), encoding="utf-8")
    with pytest.raises(DamagedData, match="chiral-condensate.csv"):
        data_sets.load("chiral-condensate")
