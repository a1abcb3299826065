"""Machines that several tests share."""

import numpy as np

from nnqg.quantum_gravity.dictionary.bulk_energy import BulkStack, bulk_stack
from nnqg.quantum_gravity.dictionary.metrics import ads_schwarzschild, anti_de_sitter


def brane(eta):
    return ads_schwarzschild(eta, 4)


def black_brane(layers=8, lam=4.0, m2=-3.0, eta_ini=1.0, **mode):
    return bulk_stack(brane, 4, eta_ini, layers, m2=m2, lam=lam, **mode)


def two_layers(quartic=0.0):
    """One visible and one hidden unit: everything is an ordinary integral."""
    return BulkStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.array([0.0, quartic]))


def empty(layers, m2, momentum=0.0, eta_ini=3.0, eta_fin=-3.0, d=3):
    return bulk_stack(lambda eta: anti_de_sitter(eta, d), d, eta_ini, layers, m2=m2, momentum=momentum, eta_fin=eta_fin)
