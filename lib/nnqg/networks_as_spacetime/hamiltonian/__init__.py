"""Hamilton dynamics as a network.

`talk_network` is the network of the talk, `oscillators` are systems with known motion. `hamiltonian_network` learns a Hamiltonian
from trajectories by `training`, against the `comparisons` that do not know there is one.
"""
