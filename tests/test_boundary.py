"""What an annotation says is checked in one place, and what comes back is finite."""

import collections.abc
import itertools
from typing import Literal, NamedTuple

import numpy as np
import pytest
import torch
from jaxtyping import Float, Int
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import Diverged, InvalidArgument

pytestmark = pytest.mark.bad_input


@checked
def total(x: Float[np.ndarray, "data 2"], power: int = 1, scale: float = 1.0, shift: float | Float[np.ndarray, " data"] = 0.0) -> float:
    return float((x.sum(axis=1) + shift).sum() * scale**power)


X = np.ones((3, 2))


@pytest.mark.parametrize(
    "bad",
    [
        *(None, "x", X.tolist(), np.matrix(X), np.ma.masked_array(X), X.astype(np.float32), X.astype(">f8"), X.astype(np.longdouble)),
        *(X[:0], X[:, :1], X[None], X * np.nan, X.astype(int), X.astype(object), torch.ones(3, 2)),
    ],
)
def test_an_array_is_exact(bad):
    with pytest.raises(InvalidArgument, match="^x: expected"):
        total(bad)


@pytest.mark.parametrize("scale", [None, "1", np.nan, np.inf, 10**400, 1j, True, X])
def test_a_number_is_real_and_finite(scale):
    with pytest.raises(InvalidArgument, match="^scale: expected"):
        total(X, scale=scale)


@pytest.mark.parametrize("shift", [np.nan, "0", np.ones((3, 1)), np.full(3, np.inf), None])
def test_one_member_of_a_union_holds(shift):
    assert total(X, shift=np.ones(3)) == total(X, shift=1) == 9
    with pytest.raises(InvalidArgument, match="^shift: expected"):
        total(X, shift=shift)


def test_a_narrow_integer_becomes_an_integer():
    assert total(X, np.uint8(200), np.float32(2.0)) == 6 * 2.0**200


def test_what_is_not_finite_is_an_error():
    with pytest.raises(Diverged, match="total diverged"):
        total(X, 2000, 10.0)


@checked
def walk(
    rng: np.random.Generator,
    move: collections.abc.Callable[[float], float],
    ends: tuple[float, float],
    order: collections.abc.Sequence[int],
    kind: Literal["up", "down"] = "up",
    start: Int[np.ndarray, " n"] | None = None,
) -> tuple[float, ...]:
    return tuple(move(end) for end in ends)


GOOD = {"rng": np.random.default_rng(0), "move": np.sin, "ends": (0.0, 1.0), "order": [1, 2]}


@pytest.mark.parametrize(
    "name, value",
    [
        *(("rng", None), ("rng", np.random), ("move", 3), ("ends", (0.0,)), ("ends", (0.0, "1")), ("ends", 1.0), ("ends", (0.0, np.nan))),
        *(
            ("order", "12"),
            ("order", [1.5]),
            ("kind", "left"),
            ("kind", None),
            ("start", np.ones(2)),
            ("start", np.ones((1, 2), dtype=int)),
        ),
    ],
)
def test_objects_functions_and_collections(name, value):
    assert walk(**GOOD) == (0.0, np.sin(1.0))
    with pytest.raises(InvalidArgument, match=f"^{name}"):
        walk(**GOOD | {name: value})


def test_a_class_is_checked_as_its_functions_are():
    @checked
    class Line:
        def __init__(self, slope: float) -> None:
            self.slope = slope

        def at(self, x: float) -> float:
            return self.slope * x

    with pytest.raises(InvalidArgument, match="slope"):
        Line("1")
    with pytest.raises(InvalidArgument, match="^x"):
        Line(1.0).at(np.nan)
    with pytest.raises(Diverged, match="at diverged"):
        Line(1e200).at(1e200)


@checked(infinite=("x", "n", "return"), nan=("y",), empty=("z",))
def largest(
    x: float | Float[np.ndarray, " a"] = 0.0,
    y: float | Float[np.ndarray, " a"] = 0.0,
    z: Float[np.ndarray, " b"] | Float[torch.Tensor, " b"] | None = None,
    n: int = 0,
) -> float:
    return np.max(x) if n < 10**20 else float(n)


@pytest.mark.parametrize(
    "good",
    [{"x": np.inf}, {"x": np.array([1.0, np.inf])}, {"y": np.nan}, {"y": np.full(2, np.nan)}, {"z": np.empty(0)}, {"n": 10**30}],
)
def test_what_may_be_infinite_is_named(good):
    assert largest(**good) >= 0


@pytest.mark.parametrize(
    "bad",
    [
        *({"x": np.nan}, {"x": "1"}, {"x": None}, {"x": np.array([np.nan])}, {"x": np.ones((1, 1))}, {"x": np.full(1, np.inf, np.float32)}),
        *({"y": "1"}, {"y": np.full((1, 1), np.nan)}, {"y": np.array([1])}, {"n": 1.5}, {"n": np.inf}),
        *({"x": np.ones(0)}, {"z": np.empty((0, 1))}, {"z": np.array([np.nan])}, {"z": np.empty(0, int)}),
    ],
)
def test_and_all_else_is_still_checked(bad):
    with pytest.raises(InvalidArgument, match=f"^{next(iter(bad))}: expected"):
        largest(**bad)


def test_a_result_that_may_be_infinite_is_not_nan():
    @checked(infinite=("return",))
    def worst(infinite: bool) -> tuple[Float[np.ndarray, "1"], float]:
        return np.array([np.inf if infinite else np.nan]), np.inf

    assert worst(True) == (np.inf, np.inf)
    with pytest.raises(Diverged, match="worst diverged"):
        worst(False)


@checked
class Point(NamedTuple):
    place: float
    label: str = "here"


@checked(quantities={"mass": "a meson's mass"})
def decay(mass: float | Float[np.ndarray, " n"], marks: dict[str, float] | None = None) -> Point:
    return Point(1.0)


def test_a_named_tuple_is_checked():
    assert Point(2.0)._replace(place=3.0) == (3.0, "here")
    for bad in ((np.nan,), ("1",), (1.0, 2)):
        with pytest.raises(InvalidArgument, match="^(place|label): expected"):
            Point(*bad)


def test_a_unit_and_a_dictionary_are_checked():
    assert decay(0.775, {"a": 1.0}).place == decay(np.array([0.775])).place
    for bad in ((775.0,), (np.array([775.0, 1465.0]),)):
        with pytest.raises(InvalidArgument, match="^mass: expected values in GeV, for a meson's mass"):
            decay(*bad)
    for marks in ({"a": "1"}, {1: 1.0}, [1.0], {"a": np.nan}):
        with pytest.raises(InvalidArgument, match=r"^(marks|marks\['a'\]|a key of marks): expected"):
            decay(1.0, marks)


@checked
def read(rows: collections.abc.Iterable[int], pairs: collections.abc.Iterable[tuple[int, int]] = ()) -> list[int]:
    return [row.bit_length() for row in rows or ()] + [a + b for a, b in pairs or ()]


@pytest.mark.parametrize("rows", [[3, 1], np.array([3, 1]), iter([3, 1]), (row for row in np.array([3, 1])), {3: 0, 1: 0}])
def test_whole_numbers_are_pythons_own_wherever_they_come_from(rows):
    assert read(rows, np.array([[2**62, 2**62]])) == [2, 1, 2**63]
    assert read(np.array([])) == []


@pytest.mark.parametrize("rows", [iter([3, "a"]), (1.5 for _ in range(2)), np.array([1.5]), itertools.count()])
def test_an_iterator_is_read_and_checked(rows, monkeypatch):
    monkeypatch.setattr(checks, "LARGEST_COUNT", 100)
    with pytest.raises(InvalidArgument, match=r"^(rows\[|number of rows: expected)"):
        read(rows)


@pytest.mark.parametrize("size", [2**40, 2**62])
def test_what_is_too_large_or_has_no_inverse_is_named(size):
    @checked
    def room(size: int, kind: str) -> object:
        if kind == "scipy":
            return splu(csc_array((2, 2))).shape
        return torch.linalg.inv(torch.zeros(2, 2)) if kind == "inverse" else {"numpy": np, "torch": torch}[kind].ones((size, size))

    for kind in ("torch", "numpy", "inverse", "scipy"):
        with pytest.raises(Diverged, match="room diverged at these arguments"):
            room(size, kind)


def test_a_function_that_an_object_holds_is_to_blame():
    @checked
    class Field:
        def __init__(self, force: collections.abc.Callable[[float], float]) -> None:
            self.force = force

        def at(self, x: float) -> float:
            return 2.0 * self.force(x)

    assert Field(np.sin).at(0.0) == 0.0
    for force in (lambda: 1.0, lambda x: None, lambda x: x[0]):
        with pytest.raises(InvalidArgument, match="^force: expected a function as annotated, got TypeError"):
            Field(force).at(1.0)

    @checked
    def values(function: collections.abc.Callable[[np.ndarray], np.ndarray]) -> Float[np.ndarray, " n"]:
        return 2 * function(X[0])

    assert (values(np.exp) == 2 * np.e).all()
    with pytest.raises(InvalidArgument, match="^function: expected a function as annotated, got one with complex values"):
        values(lambda x: 1j * x)


def test_an_error_names_what_was_called():
    @checked
    def step(size: float) -> float:
        return 1.0 / size

    @checked
    def walk(length: float) -> float:
        return step(length - 1.0) if length < 5.0 else step(np.sqrt(-length) if length < 7.0 else str(length))

    @checked
    def travel(length: float) -> float:
        return walk(length)

    with pytest.raises(Diverged, match="^in travel: step diverged at these arguments"):
        travel(1.0)
    with pytest.raises(InvalidArgument, match="^in travel: size: expected a real number, got '8.0'"):
        travel(8.0)
    with pytest.raises(Diverged, match="^in travel: walk diverged"):
        travel(6.0)
    with pytest.raises(InvalidArgument, match="^length: expected"):
        travel("far")
