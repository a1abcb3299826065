"""Ground states as statistical sums over networks.

Bad input raises `nnqg.errors.InvalidArgument` in every function.

- `network_weight`: the action and its gradient in the whitened weights, and cut flips between mirror images; ground-states
"""
