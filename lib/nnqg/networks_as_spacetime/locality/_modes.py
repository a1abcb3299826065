"""A check that the modules of this room share."""

import numpy as np

from nnqg.errors import InvalidArgument


def modes(name: str, value: np.ndarray) -> np.ndarray:
    """Return ``value`` if it is a finite vector of at least two real or complex numbers, one for each mode."""
    fits = isinstance(value, np.ndarray) and np.issubdtype(value.dtype, np.inexact) and value.ndim == 1 and len(value) > 1
    if not fits or not np.isfinite(value).all():
        came = f"{type(value).__name__} of shape {np.shape(value)}" if isinstance(value, np.ndarray) else repr(value)[:60]
        raise InvalidArgument(name, "a finite vector of floats or complex numbers, a mode each", came, f"check how {name} was computed")
    return value
