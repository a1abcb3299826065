"""Feed-forward networks as states of bosons, with every sum over the basis done exactly.

- `bose_hubbard`: bosons on a ring, their sparse Hamiltonian and its lowest state; feedforward-states
- `networks`: the printed network and its logarithmic form, and their training; feedforward-states
"""
