r"""The thermofield double of N two-level systems, and how many states its throat must carry.

.. math:: |\mathrm{TFD}\rangle = \frac{1}{\sqrt Z} \sum_n e^{-\beta E_n/2}\,|n\rangle_L |n\rangle_R

is in Schmidt form: its squared singular values are the Boltzmann weights :math:`p_n = e^{-\beta E_n}/Z`. The best state of Schmidt
rank :math:`\chi` keeps the :math:`\chi` largest of them (Eckart and Young 1936). For N systems with the energies 0 and 1, the level
k has the weight :math:`e^{-\beta k}/(1 + e^{-\beta})^N` and :math:`\binom Nk` states, so that N may be large.
"""

import numpy as np
from jaxtyping import Float
from scipy.special import gammaln, logsumexp

from nnqg import checks

__all__ = ["entropy_and_spread", "ladder", "log_rank"]


def ladder(systems: int, beta: float) -> tuple[Float[np.ndarray, " level"], Float[np.ndarray, " level"]]:
    r"""Logarithms of the weight of one state, :math:`\log p_k`, and of the number of states, :math:`\log\binom Nk`, level by level.

    Parameters
    ----------
    systems : int
        Number N.
    beta : float
        Inverse temperature in units of the splitting, positive.

    Returns
    -------
    tuple of numpy.ndarray, shape (systems + 1,)
        Both logarithms, from the ground state upwards.

    Raises
    ------
    InvalidArgument
        If N is no positive integer or beta not positive.

    Examples
    --------
    >>> log_weight, log_states = ladder(2, 1.0)
    >>> np.exp(log_states).round(6), float(np.exp(log_weight + log_states).sum().round(12))
    (array([1., 2., 1.]), 1.0)
    """
    systems, beta = checks.count("systems", systems), checks.number("beta", beta, above=0)
    k = np.arange(systems + 1)
    log_states = gammaln(systems + 1) - gammaln(k + 1) - gammaln(systems - k + 1)
    return -beta * k - systems * np.log1p(np.exp(-beta)), log_states


def entropy_and_spread(systems: int, beta: float) -> tuple[float, float]:
    r"""Entropy :math:`S = -\langle\log p\rangle` and variance of :math:`-\log p`, which is the heat capacity.

    Parameters
    ----------
    systems : int
        Number N.
    beta : float
        Inverse temperature in units of the splitting, positive.

    Returns
    -------
    tuple of float
        S and the variance, both proportional to N.

    Raises
    ------
    InvalidArgument
        If N is no positive integer or beta not positive.

    Examples
    --------
    >>> S, _ = entropy_and_spread(3, 1e-9)
    >>> bool(abs(S - 3 * np.log(2)) < 1e-12)
    True
    """
    systems, beta = checks.count("systems", systems), checks.number("beta", beta, above=0)
    excited = 1 / (1 + np.exp(beta))
    return float(systems * (beta * excited + np.log1p(np.exp(-beta)))), float(systems * beta**2 * excited * (1 - excited))


def log_rank(systems: int, beta: float, loss: float) -> float:
    r"""Logarithm of the smallest Schmidt rank whose weight is at least 1 - loss; fractions of a state are allowed.

    Parameters
    ----------
    systems : int
        Number N.
    beta : float
        Inverse temperature in units of the splitting, positive.
    loss : float
        Weight that may be lost, from 1e-9 (below, rounding would decide) to below 1.

    Returns
    -------
    float
        :math:`\log\chi`. For large N it is :math:`S + O(\sqrt N)`, whatever the loss.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.

    Examples
    --------
    >>> round(float(np.exp(log_rank(1, np.log(3), 0.25))), 12)
    1.0

    Notes
    -----
    Used on the page ``networks-as-spacetime/similarity-of-diagrams``.
    """
    log_weight, log_states = ladder(systems, beta)
    wanted = 1 - checks.number("loss", loss, minimum=1e-9, below=1)
    share = np.exp(log_weight + log_states)
    below = np.append(0.0, np.cumsum(share) / share.sum())  # weight of the levels before each
    last = int(np.searchsorted(below[1:], wanted))
    partial = np.log(wanted - below[last]) - log_weight[last]
    return float(logsumexp(np.append(log_states[:last], partial)))
