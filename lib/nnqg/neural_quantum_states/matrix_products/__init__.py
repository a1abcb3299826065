"""Matrix products: states and Hamiltonians of many spins as chains of small tensors.

- `operators`: the Hamiltonian of any list of bonds as a matrix product; variational-states, better-and-why
- `two_site_dmrg`: the ground state as a matrix product; variational-states, better-and-why
"""
