"""Hamilton dynamics as a network.

All of it serves the page ``networks-as-spacetime/hamiltonian-networks``.

- `talk_network`: the network of the talk, whose layer is a step of Hamilton's equations
- `oscillators`: systems whose motion is known
- `hamiltonian_network`: networks that learn a Hamiltonian
- `comparisons`: competitors that do not know there is one
- `training`: the fit to noisy trajectories, the same for all

Every function raises `InvalidArgument` on input of another shape or range.
"""
