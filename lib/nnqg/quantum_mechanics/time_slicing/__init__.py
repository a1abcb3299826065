"""Sums over paths with corners, on any division of the time.

Bad input raises `nnqg.errors.InvalidArgument` in every function.

- `paths`: a path with corners as a network of rectified linear units, and back; networks-as-paths
- `kernels`: kernels of the free particle and the oscillator, exact and sliced, in real, turned and imaginary time; networks-as-paths
- `lattice`: exact results on a lattice in imaginary time: covariance of the weights, energies and wave functions; networks-as-paths, ground-states
"""
