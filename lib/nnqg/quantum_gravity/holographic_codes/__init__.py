"""Codes whose network is a hyperbolic tiling.

- `stabilisers`: states by their Pauli generators, and entropies; holographic-codes, the-discretised-bulk, networks-and-tensors
- `pentagon_code`: perfect tensors on a patch of pentagons; holographic-codes, the-discretised-bulk
- `erasure`: how many lost legs the centre outlives; holographic-codes
- `reconstruction`: operators of the centre on a region of the boundary; holographic-codes
- `operator_weights`: the fewest legs of an operator, counted by the network; holographic-codes
"""
