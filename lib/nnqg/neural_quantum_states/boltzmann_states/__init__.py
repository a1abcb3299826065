"""Restricted Boltzmann states on a ring: sampled by Metropolis, optimised by stochastic reconfiguration.

- `rings`: a Hamiltonian as local moves, and a state with the ring's translations; boltzmann-states, better-and-why
- `sampling`: compiled chains and local energies, and what a mean is worth; boltzmann-states, better-and-why
- `reconfiguration`: the natural gradient, and training by it; boltzmann-states, better-and-why
"""
