r"""The thermofield double of N two-level systems, and how many states its throat must carry.

.. math:: |\mathrm{TFD}\rangle = \frac{1}{\sqrt Z} \sum_n e^{-\beta E_n/2}\,|n\rangle_L |n\rangle_R

is in Schmidt form: its squared singular values are the Boltzmann weights :math:`p_n = e^{-\beta E_n}/Z`. The best state of Schmidt
rank :math:`\chi` keeps the :math:`\chi` largest of them (Eckart and Young 1936). For N systems with the energies 0 and 1, the level
k has the weight :math:`e^{-\beta k}/(1 + e^{-\beta})^N` and :math:`\binom Nk` states, so that N may be large. Derived on the page
``networks-as-spacetime/similarity-of-diagrams``.
"""

import numpy as np
from scipy.special import gammaln, logsumexp

from nnqg import checks
from nnqg.boundary import checked

__all__ = ["log_rank"]


@checked
def log_rank(systems: int, beta: float, loss: float) -> float:
    r"""Logarithm of the smallest Schmidt rank whose weight is at least 1 - loss; fractions of a state are allowed.

    The inverse temperature beta is in units of the splitting. The lost weight runs from 1e-9 (below, rounding would decide) to below 1.
    For large N the result is :math:`S + O(\sqrt N)`, whatever the loss.

    Examples
    --------
    >>> round(float(np.exp(log_rank(1, np.log(3), 0.25))), 12)
    1.0
    """
    k = np.arange(checks.count("systems", systems) + 1)
    log_weight = -checks.number("beta", beta, above=0) * k - systems * np.log1p(np.exp(-beta))  # of one state of level k
    log_states = gammaln(systems + 1) - gammaln(k + 1) - gammaln(systems - k + 1)
    wanted = 1 - checks.number("loss", loss, minimum=1e-9, below=1)
    share = np.exp(log_weight + log_states)
    below = np.append(0.0, np.cumsum(share) / share.sum())  # weight of the levels before each
    last = int(np.searchsorted(below[1:], wanted))
    partial = np.log(wanted - below[last]) - log_weight[last]
    return float(logsumexp(np.append(log_states[:last], partial)))
