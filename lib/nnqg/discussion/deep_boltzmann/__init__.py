"""A bulk field as a deep Boltzmann machine; its energy and its free layers are in `nnqg.quantum_gravity.dictionary`.

- `depth_quadrature`: sums exactly when the field interacts; deep-boltzmann-holography
- `block_gibbs`: samples the machine; deep-boltzmann-holography
- `saddle_point`: the classical limit, a forward network; deep-boltzmann-holography
"""
