"""What an annotation says is checked in one place, and what comes back is finite."""

import collections.abc
from typing import Literal

import numpy as np
import pytest
import torch
from jaxtyping import Float, Int

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


def test_what_may_be_infinite_is_named():
    @checked(infinite=("x", "return"))
    def same(x: float) -> float:
        return x

    assert same(np.inf) == np.inf
