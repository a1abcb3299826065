"""Geometry from entanglement: machines whose free energies are entropies, and whose couplings are bond dimensions.

A random tensor network turns the second Renyi entropy of a region A of its boundary into a ratio of partition functions of Ising spins
in its bulk, :math:`e^{-S_2(A)} = Z[A] / Z[\\emptyset]`: the boundary spins are -1 in A and +1 elsewhere, and a bond of dimension D couples
its two spins by :math:`\\frac12 \\ln D` (1601.01694; trained on entropies in 1709.01223). Regions are rows of truth values, one a site.

- `free_fermions`: entropies to learn from; geometry-from-entanglement
- `cylinder`: bulk of equal rings, by a transfer matrix; geometry-from-entanglement
- `kac_ward`: bulk whose rings halve, by a determinant; geometry-from-entanglement
- `training`: least squares, and mixtures of networks; geometry-from-entanglement
"""
