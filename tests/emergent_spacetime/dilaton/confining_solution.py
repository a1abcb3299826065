r"""A confining solution in closed form, A_E = -log z - z^2: what the tests of this room hold the solver against."""

import numpy as np


def slope(z):
    return 2 * z + np.sqrt(z**2 + 1.5)


def dilaton(z):
    return 1.5 * z * np.sqrt(z**2 + 1.5) + 2.25 * np.arcsinh(z * np.sqrt(2 / 3))


def potential(z):
    return 6 * (6 * z**4 + 5 * z**2 + 2) * np.exp(2 * z**2)


def string_slope(z):
    return -1 / z - 2 * z + 2 * np.sqrt(z**2 + 1.5)
