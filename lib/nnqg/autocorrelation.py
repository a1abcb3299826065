"""How long a Markov chain remembers, pooled over many chains of the same kind."""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["integrated_autocorrelation"]


@checked
def integrated_autocorrelation(series: Float[np.ndarray, "sweep chain"], mean: float | None = None, window: float = 6.0) -> float:
    r"""Integrated autocorrelation time :math:`\tau = 1 + 2\sum_{t \ge 1}\rho(t)`, in sweeps, pooled over chains.

    The sum stops at the first t that exceeds ``window`` times the running sum (Sokal's automatic window).

    ``mean`` is the quantity's mean, if it is known; ``window`` is in units of :math:`\tau`, which is 1 for independent states.

    Raises
    ------
    NotConverged
        If the series ends before the window does.

    Examples
    --------
    >>> noise = np.random.default_rng(1).standard_normal((400, 200))
    >>> abs(integrated_autocorrelation(noise) - 1) < 0.05
    True
    """
    checks.array("series", series, shape=("sweep", "chain"))
    window, sweeps = checks.number("window", window, above=0), len(series)
    if sweeps < 2 or np.ptp(series) == 0:
        raise InvalidArgument("series", "at least two sweeps that differ", f"shape {series.shape}", "record more sweeps")
    shifted = series - (series.mean() if mean is None else checks.number("mean", mean))
    waves = np.fft.rfft(np.ascontiguousarray(shifted.T), 2 * sweeps)
    covariance = np.fft.irfft((waves.real**2 + waves.imag**2).mean(0))[:sweeps] / (sweeps - np.arange(sweeps))
    tau = np.cumsum(2 * covariance / covariance[0]) - 1
    stop = np.flatnonzero(np.arange(sweeps) >= window * tau)
    if not stop.size:
        raise NotConverged("the autocorrelation time", f"a window longer than {sweeps} sweeps", "record more sweeps")
    return float(tau[stop[0]])
