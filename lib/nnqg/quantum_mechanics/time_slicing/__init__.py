"""Sums over paths with corners, on any division of the time.

Bad input raises `nnqg.errors.InvalidArgument` in every function.

- `paths`: a path with corners as a network of rectified linear units, and back; networks-as-paths, activations
- `kernels`: kernels of free particle and oscillator, exact and sliced, in real, turned and imaginary time; networks-as-paths, activations
- `lattice`: exact results on a lattice in imaginary time: covariance of weights, energies, wave functions; networks-as-paths, activations
"""
