"""Machines that several tests share."""

import numpy as np

from nnqg.quantum_gravity.dictionary.layered_stack import LayeredStack, bulk_stack
from nnqg.quantum_gravity.dictionary.metrics import ads_schwarzschild, anti_de_sitter
from nnqg.quantum_gravity.triangulations.random_widths import classical_widths


def brane(eta):
    return ads_schwarzschild(eta, 4)


def black_brane(layers=8, lam=4.0, m2=-3.0, eta_ini=1.0, **mode):
    return bulk_stack(brane, 4, eta_ini, layers, m2=m2, lam=lam, **mode)


def two_layers(quartic=0.0):
    """One visible and one hidden unit: everything is an ordinary integral."""
    return LayeredStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.array([0.0, quartic]))


def empty(layers, m2, momentum=0.0, eta_ini=3.0, eta_fin=-3.0, d=3):
    return bulk_stack(lambda eta: anti_de_sitter(eta, d), d, eta_ini, layers, m2=m2, momentum=momentum, eta_fin=eta_fin)


def rings(widths, spacing, m2, lam):
    """Layers with the volumes of rings of these widths, relative to the first."""
    layers = widths / widths[..., :1]
    cell = spacing * layers
    cell[..., 0] /= 2
    eta = (widths.shape[-1] + 0.5 - np.arange(widths.shape[-1])) * spacing
    return LayeredStack(eta, (layers[..., 1:] + layers[..., :-1]) / (2 * spacing), m2 * cell, lam * cell)


def ball(layers=10, m2=3.0, lam=1.0):
    """Hyperbolic space with radius 1."""
    spacing = 1 / (layers + 0.5)
    return rings(classical_widths(layers, spacing), spacing, m2, lam)
