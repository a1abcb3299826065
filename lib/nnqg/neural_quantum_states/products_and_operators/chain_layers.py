r"""A matrix as a matrix product operator, and networks whose layers are such chains (MPO-Net: Gao et al., arXiv:1904.06194; slide ② 6/6).

Write the row of a matrix as digits :math:`j_1 \dots j_n` and its column as :math:`i_1 \dots i_n`, of any bases. Then

.. math:: W_{j_1 \dots j_n,\, i_1 \dots i_n} = A^{(1)}_{j_1 i_1} A^{(2)}_{j_2 i_2} \cdots A^{(n)}_{j_n i_n}

with matrices :math:`A^{(k)}_{ji}` of size :math:`D_{k-1} \times D_k`, where :math:`D_0 = D_n = 1`. A core has the axes left bond, row
digit, column digit, right bond. With a bond D the chain has :math:`\sum_k D_{k-1} J_k I_k D_k` numbers instead of :math:`\prod_k J_k I_k`.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from jaxtyping import Float, Int

from nnqg import checks
from nnqg.adam import Adam, cosine_rate, gather, views
from nnqg.boundary import checked
from nnqg.errors import Diverged, InvalidArgument
from nnqg.random_numbers import torch_generator

__all__ = ["core_shapes", "join", "split", "train"]


@checked
def core_shapes(rows: Sequence[int], columns: Sequence[int], bond: int) -> list[tuple[int, int, int, int]]:
    """Shapes of the cores of a chain whose bonds are at most a number, and no larger than a matrix of this size can need.

    Examples
    --------
    >>> core_shapes((4, 4, 4, 4), (4, 7, 7, 4), bond=4)
    [(1, 4, 4, 4), (4, 4, 7, 4), (4, 4, 7, 4), (4, 4, 4, 1)]
    """
    checks.count("bond", bond)
    checks.count("number of digits", len(rows), maximum=1000)
    if len(rows) != len(columns):
        raise InvalidArgument("columns", f"as many digits as rows, {len(rows)}", len(columns), "fill up with digits of base 1")
    sizes = [checks.count("row digit", j) * checks.count("column digit", i) for j, i in zip(rows, columns, strict=True)]
    bonds = [min(bond, math.prod(sizes[:k]), math.prod(sizes[k:])) for k in range(len(sizes) + 1)]
    return list(zip(bonds[:-1], rows, columns, bonds[1:], strict=True))


@checked
def split(
    matrix: Float[torch.Tensor, "row column"], rows: Sequence[int], columns: Sequence[int], bond: int
) -> list[Float[torch.Tensor, "_ _ _ _"]]:
    """Return the cores of a matrix, by singular value decompositions from left to right that keep at most ``bond`` values.

    Examples
    --------
    >>> cores = split(torch.eye(16, dtype=torch.float64), (4, 4), (4, 4), bond=1)
    >>> bool(torch.allclose(join(cores), torch.eye(16, dtype=torch.float64)))
    True
    """
    checks.tensor("matrix", matrix, shape=(math.prod(rows), math.prod(columns)))
    shapes = core_shapes(rows, columns, bond)
    pairs = [axis for k in range(len(rows)) for axis in (k, len(rows) + k)]
    rest = matrix.reshape(*rows, *columns).permute(pairs).reshape(1, -1)
    cores = []
    for left, row, column, right in shapes[:-1]:
        u, values, rest = torch.linalg.svd(rest.reshape(left * row * column, -1), full_matrices=False)
        cores.append(u[:, :right].reshape(left, row, column, right))
        rest = values[:right, None] * rest[:right]
    return [*cores, rest.reshape(shapes[-1])]


@checked
def join(cores: Sequence[Float[torch.Tensor, "... _ _ _ _"]]) -> Float[torch.Tensor, "... row column"]:
    """Return the matrix of some cores; the way back from `split`, with gradients. Axes in front, as one of seeds, stay.

    Examples
    --------
    >>> tuple(join([torch.ones(1, 2, 3, 4).double(), torch.ones(4, 5, 6, 1).double()]).shape)
    (10, 18)
    """
    checks.count("number of cores", len(cores))
    checks.count("entries of the matrix", math.prod(digit for core in cores for digit in core.shape[-3:-1]), maximum=10**8)
    if (ends := (cores[0].shape[-4], cores[-1].shape[-1])) != (1, 1):
        raise InvalidArgument("cores", "a chain that begins and ends with a bond of 1", ends, "use `core_shapes`")
    whole = cores[0]
    for left, core in zip(cores, cores[1:], strict=False):
        if left.shape[-1] != core.shape[-4] or core.shape[:-4] not in ((), cores[0].shape[:-4]):
            raise InvalidArgument("cores", "neighbours with one bond, and one number of seeds", core.shape, "use `core_shapes`")
        *seeds, a, j, i, _ = whole.shape
        product = (whole.flatten(-4, -2) @ core.flatten(-3)).reshape(*seeds, a, j, i, *core.shape[-3:])
        whole = product.transpose(-4, -3).flatten(-3, -2).flatten(-4, -3)
    return whole[..., 0, :, :, 0]


@checked
def train(
    scores: Callable,
    weights: Sequence[Float[torch.Tensor, "seed ..."]],
    images: Float[torch.Tensor, "data pixel"],
    labels: Int[torch.Tensor, " data"],
    chosen: Int[torch.Tensor, "seed train"],
    rng: np.random.Generator,
    *,
    epochs: int = 20,
    batch: int = 100,
    rate: float = 0.01,
) -> list[Float[torch.Tensor, "seed ..."]]:
    """Return trained copies of the weights of several networks, one a seed: cross-entropy, `Adam`, a rate that falls to zero.

    Each network has its own first weights and its own images to learn from.

    Parameters
    ----------
    scores : callable
        ``scores(weights, images)``: one number for each seed, class and image, from images with the axes seed, pixel, image.
    chosen : torch.Tensor
        Which images each network learns from.

    Raises
    ------
    Diverged
        If a weight is not finite at the end.

    Examples
    --------
    >>> x, y = torch.eye(2, dtype=torch.float64), torch.arange(2)
    >>> W, rng = torch.zeros(3, 2, 2, dtype=torch.float64), np.random.default_rng(0)
    >>> (W,) = train(lambda w, x: w[0] @ x, [W], x, y, torch.tensor([[0, 1]] * 3), rng, batch=2, rate=0.1)
    >>> (W @ x.T).argmax(-2).tolist()
    [[0, 1], [0, 1], [0, 1]]
    """
    checks.tensor("images", images, shape=("data", "pixel"))
    checks.tensor("labels", labels, dtype=int, minimum=0)
    checks.tensor("chosen", chosen, dtype=int, minimum=0, maximum=len(images) - 1)
    size = chosen.shape[1] // checks.count("batch", batch, maximum=chosen.shape[1]) * batch
    steps, step = checks.count("epochs", epochs, maximum=checks.MOST_STEPS) * size // batch, 0
    checks.number("rate", rate, above=0)
    vector = gather(weights)
    adam, generator = Adam(vector), torch_generator(rng)
    leaves = [view.detach().requires_grad_() for view in views(vector, weights)]  # of the vector's memory
    classes = scores(leaves, images[chosen[:, :batch]].mT).shape[1]
    checks.tensor("labels", labels[chosen], dtype=int, maximum=classes - 1)
    for _ in range(epochs):
        for part in torch.randperm(chosen.shape[1], generator=generator)[:size].split(batch):
            rows = chosen[:, part]
            loss = torch.nn.functional.cross_entropy(scores(leaves, images[rows].mT), labels[rows], reduction="sum")
            adam.step(gather(torch.autograd.grad(loss / batch, leaves)), cosine_rate(step, steps, rate))
            step += 1
    if not bool(torch.isfinite(vector).all()):
        raise Diverged("the training", f"step {steps} or before", "choose a smaller rate")
    return [leaf.detach() for leaf in leaves]
