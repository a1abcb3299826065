"""Sums over paths with corners, on any division of the time.

Bad input raises `nnqg.errors.InvalidArgument` in every function.

- `paths`: a path with corners as a network of ramps, and back; networks-as-paths, activations, arbitrary-time-division
- `kernels`: free particle and oscillator, exact and sliced, any direction of time; networks-as-paths, activations, arbitrary-time-division
- `lattice`: exact on an imaginary-time lattice: covariances, energies, wave functions; networks-as-paths, activations, ground-states
"""
