"""One seed a notebook, split into named independent generators."""

from typing import TYPE_CHECKING

import numpy as np

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

if TYPE_CHECKING:
    import torch

__all__ = ["streams", "torch_generator"]


@checked
def streams(seed: int, *names: str) -> dict[str, np.random.Generator]:
    """Return one independent random generator for each name, which says what it is for.

    The stream of a name depends on the notebook's seed and on the name only, so adding a name never changes the others.
    Names hold no character NUL, because it pads the short ones.

    Examples
    --------
    >>> rng = streams(7, "data", "weights")
    >>> float(rng["data"].uniform()) == float(streams(7, "data")["data"].uniform())
    True
    """
    checks.count("seed", seed, minimum=0, maximum=2**128 - 1)
    if not names or len(set(names)) != len(names):
        raise InvalidArgument("names", "different names, at least one", names, "name each generator once")
    for name in names:
        if not isinstance(name, str) or "\0" in name:
            raise InvalidArgument("names", "texts without the character NUL", repr(name), "choose another name")
    return {name: np.random.default_rng(np.random.SeedSequence([seed, *name.encode()])) for name in names}


@checked
def torch_generator(rng: np.random.Generator) -> "torch.Generator":
    """Return a torch generator, on the CPU, seeded from a numpy one, which advances by one draw.

    Examples
    --------
    >>> import torch
    >>> generator = torch_generator(streams(7, "weights")["weights"])
    >>> torch.rand(3, generator=generator).shape
    torch.Size([3])
    """
    import torch

    generator = torch.Generator()
    generator.manual_seed(int(rng.integers(2**63)))
    return generator
