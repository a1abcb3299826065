"""Hamilton dynamics as a network.

Bad input raises `nnqg.errors.InvalidArgument` in every function.

- `talk_network`: the network of the talk, whose layer is a step of Hamilton's equations; hamiltonian-networks
- `oscillators`: systems whose motion is known; hamiltonian-networks, depth-as-time
- `hamiltonian_network`: networks that learn a Hamiltonian; hamiltonian-networks
- `comparisons`: competitors that do not know there is one; hamiltonian-networks
- `training`: the fit to noisy trajectories, the same for all; hamiltonian-networks
"""
