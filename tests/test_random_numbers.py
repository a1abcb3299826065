"""A stream depends on the seed and its name, on nothing else."""

import numpy as np
import pytest
import torch

from nnqg import random_numbers
from nnqg.errors import InvalidArgument


def draw(rng: np.random.Generator) -> list[float]:
    return rng.standard_normal(5).tolist()


def test_same_seed_and_name_same_numbers():
    assert draw(random_numbers.streams(3, "data")["data"]) == draw(random_numbers.streams(3, "data")["data"])


def test_names_and_seeds_separate_streams():
    rng = random_numbers.streams(3, "data", "weights")
    other = random_numbers.streams(4, "data")
    assert len({tuple(draw(stream)) for stream in (rng["data"], rng["weights"], other["data"])}) == 3


def test_a_further_name_leaves_the_others_alone():
    assert draw(random_numbers.streams(3, "data")["data"]) == draw(random_numbers.streams(3, "weights", "data")["data"])


def test_torch_generator_follows_the_numpy_one():
    first, second = (random_numbers.torch_generator(random_numbers.streams(3, "x")["x"]) for _ in range(2))
    assert torch.equal(torch.rand(4, generator=first), torch.rand(4, generator=second))


@pytest.mark.bad_input
@pytest.mark.parametrize(("seed", "names"), [(-1, ("a",)), (1.5, ("a",)), (1, ()), (1, ("a", "a")), (1, ("a", "a\0")), (1, (2,))])
def test_bad_seeds_and_names_are_refused(seed, names):
    with pytest.raises(InvalidArgument):
        random_numbers.streams(seed, *names)
