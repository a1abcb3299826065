"""Chapter 2: quantum states as networks.

`network_zoo` draws the sixteen networks of slide 1/6.
`spin_chains` has Hamiltonians of spins on a graph and exact energies of chains.
`matrix_products` has states and Hamiltonians as chains of tensors.
`imaginary_time` builds machines whose depth is imaginary time.
`boltzmann_states` samples machines on a ring and trains them.
`feedforward_states` has bosons on a ring, and feed-forward networks as their states.
`square_lattice` samples and trains symmetric machines in two dimensions.
`networks_and_tensors` turns Boltzmann machines into tensor networks and back.
`products_and_operators` has networks that multiply, and layers that are chains of tensors.
Bad input raises `nnqg.errors.InvalidArgument`.
"""
