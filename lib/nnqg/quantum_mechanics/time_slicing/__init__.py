"""Sums over paths with corners, on any division of the time.

Bad input raises `nnqg.errors.InvalidArgument` in every function.

- `paths`: a path with corners as a network of rectified linear units, and back; networks-as-paths, activations,
  arbitrary-time-division
- `kernels`: free particle and oscillator, exact and sliced, in turned time; networks-as-paths, activations, random-networks,
  arbitrary-time-division
- `lattice`: exact in imaginary time: covariance of weights, energies, wave functions; networks-as-paths, activations, ground-states,
  random-networks
"""
