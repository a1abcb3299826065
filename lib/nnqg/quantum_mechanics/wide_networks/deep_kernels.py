r"""The covariance of the neurons of a random network, layer by layer (Lee et al., arXiv:1711.00165; Cho and Saul, 2009).

Given one layer, the neurons of the next are independent Gaussian variables z with covariance G between the inputs. With n neurons a layer
and weights of variance :math:`\sigma_w^2/n`

.. math::

    G'_{\alpha\beta} = \frac{\sigma_w^2}{n}\sum_{i=1}^n\phi(z_{i\alpha})\phi(z_{i\beta}),\qquad z_i \sim \mathcal N(0, G) ,

and for :math:`n \to \infty` the mean, :math:`K' = \sigma_w^2\langle\phi\phi\rangle_K`. This is exact, for every n, and costs n numbers a
layer where the weights would be :math:`n^2`. The output of a network with Gaussian last weights is Gaussian given G, so that its excess
kurtosis is :math:`3\,\mathrm{Var}(G)/\langle G\rangle^2`.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["erf_kernel", "relu_kernel", "sample_layer"]

Kernel = Float[np.ndarray, "input input"]


@checked
def relu_kernel(K: Kernel, weight_variance: float = 2.0) -> Kernel:
    r"""Return :math:`\frac{\sigma_w^2}{2\pi}\sqrt{K_{\alpha\alpha}K_{\beta\beta}}\,(\sin\theta + (\pi - \theta)\cos\theta)`.

    Here theta is the angle of the two inputs, :math:`\cos\theta = K_{\alpha\beta}/\sqrt{K_{\alpha\alpha}K_{\beta\beta}}`.

    Examples
    --------
    >>> relu_kernel(np.array([[1.0, 0.5], [0.5, 1.0]])).round(5)[0].tolist()
    [1.0, 0.609]
    """
    length = np.sqrt(np.diagonal(_check(K, weight_variance)))
    sizes = np.outer(length, length)
    cosine = np.clip(K / np.where(sizes > 0, sizes, 1), -1, 1)
    theta = np.arccos(cosine)
    return weight_variance / (2 * np.pi) * sizes * (np.sin(theta) + (np.pi - theta) * cosine)


@checked
def erf_kernel(K: Kernel, weight_variance: float = 1.5) -> Kernel:
    r"""Return :math:`\frac{2\sigma_w^2}\pi\arcsin\big(2K_{\alpha\beta}/\sqrt{(1 + 2K_{\alpha\alpha})(1 + 2K_{\beta\beta})}\big)`.

    Found by Williams (1997) for the activation erf.

    Examples
    --------
    >>> erf_kernel(np.ones((1, 1))).round(5).tolist()
    [[0.69684]]
    """
    length = np.sqrt(1 + 2 * np.diagonal(_check(K, weight_variance)))
    return weight_variance * 2 / np.pi * np.arcsin(2 * K / np.outer(length, length))


@checked
def sample_layer(
    G: Float[np.ndarray, "network input input"],
    activation: Callable[[np.ndarray], np.ndarray],
    width: int,
    weight_variance: float,
    rng: np.random.Generator,
) -> Float[np.ndarray, "network input input"]:
    """Return the covariances one layer of finite width further, of many networks at once.

    A layer whose rectified units are all switched off has the covariance zero, and so has everything behind it.

    Examples
    --------
    >>> sample_layer(np.ones((5, 1, 1)), np.tanh, 10, 1.0, np.random.default_rng(1)).shape
    (5, 1, 1)
    """
    checks.array("G", G, shape=("network", "input", "input"))
    checks.count("width", width)
    checks.number("weight_variance", weight_variance, above=0)
    if G.shape[1] == 1:
        root = np.sqrt(_positive(G))
    else:
        values, vectors = np.linalg.eigh(G)
        root = vectors * np.sqrt(_positive(values))[:, None, :]
    z = rng.standard_normal((len(G), width, G.shape[1])) @ root.transpose(0, 2, 1)
    phi = activation(z)
    return weight_variance / width * (phi.transpose(0, 2, 1) @ phi)


def _check(K: Kernel, weight_variance: float) -> Kernel:
    checks.number("weight_variance", weight_variance, above=0)
    checks.array("K", K, shape=("input", "input"))
    _positive(np.linalg.eigvalsh(K))
    return K


def _positive(values: np.ndarray) -> np.ndarray:
    """Eigenvalues of a covariance, where those that rounding made negative are zero."""
    if values.min() < -1e-10 * max(values.max(), 1e-300):
        raise InvalidArgument("covariance", "no negative eigenvalue", float(values.min()), "pass a covariance matrix")
    return np.clip(values, 0, None)
