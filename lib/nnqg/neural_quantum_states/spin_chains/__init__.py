"""Spins 1/2 on a graph, and the exact energies that ansatz states are held against.

- `models`: the Hamiltonians, as sums over bonds and sites and as sparse matrices; variational-states, the-square-lattice, better-and-why
- `exact_energies`: free fermions and Bethe roots, for rings and open chains; variational-states, boltzmann-states, better-and-why
"""
