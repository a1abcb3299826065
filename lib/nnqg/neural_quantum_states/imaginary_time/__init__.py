"""Machines whose depth is imaginary time.

- `imaginary_time_layers`: a deep Boltzmann machine that takes Trotter steps; imaginary-time-as-depth, networks-and-tensors
- `ising_ring`: the states that it is held against, from dense operators; imaginary-time-as-depth, networks-and-tensors,
  boltzmann-states
"""
