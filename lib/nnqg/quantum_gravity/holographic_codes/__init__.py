"""Codes whose network is a hyperbolic tiling.

- `stabilisers`: states by their Pauli generators, and entropies; the-discretised-bulk
- `pentagon_code`: perfect tensors on a patch of pentagons; the-discretised-bulk
"""
