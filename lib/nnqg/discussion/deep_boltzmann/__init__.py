"""A bulk field as a deep Boltzmann machine; its layers and its classical limit are in `nnqg.quantum_gravity.dictionary`.

- `depth_quadrature`: sums exactly when the field interacts; deep-boltzmann-holography
- `block_gibbs`: samples the machine; deep-boltzmann-holography
"""
