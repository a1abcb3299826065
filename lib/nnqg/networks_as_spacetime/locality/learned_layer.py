r"""Least-squares fits of one linear layer: shared and local, one or the other, or neither.

The misfit of labels y to fields is quadratic in the weights, so training has an exact end: the least-squares solution, and where the data
leave weights open, the smallest one, at which gradient descent from zero arrives. Fields and labels are the entrance and the wanted exit;
a half-width h means 2h + 1 weights. Derived on the page ``networks-as-spacetime/when-is-a-network-a-space``.
"""

import numpy as np
from jaxtyping import Float, Inexact
from scipy.linalg import lstsq, solve

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.locality._modes import modes

__all__ = ["best_shared", "fit_dense", "fit_local", "fit_shared"]


@checked
def fit_shared(
    fields: Float[np.ndarray, "sample site"], labels: Float[np.ndarray, "sample site"], half_width: int
) -> tuple[Float[np.ndarray, " offset"], Float[np.ndarray, "offset offset"]]:
    r"""Convolutional layer: 2h + 1 weights for all sites together.

    With 2h + 1 = n the layer shares weights without being local. Returned with their covariance :math:`s^2 (X^TX)^{-1}`, where
    :math:`s^2` is from the residuals.

    Examples
    --------
    >>> fields = np.random.default_rng(0).standard_normal((1, 9))
    >>> fit_shared(fields, np.roll(fields, 1, axis=1), 1)[0].round(12) + 0.0
    array([1., 0., 0.])
    """
    window = _windows(fields, labels, half_width).reshape(-1, 2 * half_width + 1)  # equation offset
    if not fields.any():
        raise InvalidArgument("fields", "fields that say something about the weights", "all 0", "draw other fields")
    weights, _, rank, _ = lstsq(window, labels.ravel())
    freedom = max(labels.size - rank, 1)
    variance = ((window @ weights - labels.ravel()) ** 2).sum() / freedom
    return weights, variance * np.linalg.pinv(window.T @ window)


@checked
def fit_local(
    fields: Float[np.ndarray, "sample site"], labels: Float[np.ndarray, "sample site"], half_width: int
) -> Float[np.ndarray, "site site"]:
    """Local layer that does not share: every site has 2h + 1 weights of its own.

    The banded matrix is the smallest one if several fit.

    Examples
    --------
    >>> fields = np.random.default_rng(0).standard_normal((3, 5))
    >>> bool(np.allclose(fit_local(fields, 2 * fields, 1), 2 * np.eye(5)))
    True
    """
    window = _windows(fields, labels, half_width)  # sample site offset
    sites, matrix = fields.shape[1], np.zeros((fields.shape[1],) * 2)
    for i in range(sites):
        matrix[i, (i + np.arange(-half_width, half_width + 1)) % sites] = lstsq(window[:, i], labels[:, i])[0]
    return matrix


@checked
def fit_dense(
    fields: Float[np.ndarray, "sample site"], labels: Float[np.ndarray, "sample site"], ridge: float = 0.0
) -> Float[np.ndarray, "site site"]:
    r"""Fully connected layer: minimum of :math:`\sum |W\phi - y|^2 + \lambda |W|^2`, and for :math:`\lambda = 0` the smallest of the fits.

    Examples
    --------
    >>> fit_dense(np.array([[2.0, 0.0]]), np.array([[1.0, 4.0]]))
    array([[0.5, 0. ],
           [2. , 0. ]])
    """
    _windows(fields, labels, 0)
    if checks.number("ridge", ridge, minimum=0) == 0:
        return lstsq(fields, labels)[0].T
    return solve(fields.T @ fields + ridge * np.eye(fields.shape[1]), fields.T @ labels, assume_a="pos").T


@checked
def best_shared(
    spectrum: Float[np.ndarray, " mode"], factors: Inexact[np.ndarray, " mode"], half_width: int
) -> Float[np.ndarray, " offset"]:
    r"""Convolutional layer fitted to infinitely many fields: minimum of :math:`\sum_q S_q |\hat w_q - m_q|^2`.

    The modes have the variances S, ``spectrum``, and the exact evolution multiplies them by m, ``factors``.

    Examples
    --------
    >>> best_shared(np.ones(3), np.ones(3), 1).round(12) + 0.0
    array([0., 1., 0.])
    """
    checks.array("spectrum", spectrum, shape=(len(modes("factors", factors)),), minimum=0.0)
    sites = 2 * len(spectrum) - 1
    k = np.arange(-checks.count("half_width", half_width, minimum=0, maximum=sites // 2), half_width + 1)
    covariance, cross = np.fft.irfft(spectrum, sites), np.fft.irfft(spectrum * factors, sites)
    return solve(covariance[(k[:, None] - k) % sites], cross[-k % sites], assume_a="pos")


def _windows(fields: np.ndarray, labels: np.ndarray, half_width: int) -> np.ndarray:
    checks.array("fields", fields, shape=("sample", "site"))
    checks.array("labels", labels, shape=fields.shape)
    checks.count("half_width", half_width, minimum=0, maximum=(fields.shape[1] - 1) // 2)
    return np.stack([np.roll(fields, -k, axis=1) for k in range(-half_width, half_width + 1)], axis=-1)  # sample site offset
