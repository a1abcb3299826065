"""Sums over paths whose corners sit at times that one may choose, in any potential.

Imaginary time, the trapezoid rule, and units with m = hbar = 1. Bad input raises `nnqg.errors.InvalidArgument` in every function.

- `grid_kernels`: kernels of a potential on a grid of positions, sliced on any division of the time, and exact; arbitrary-time-division
"""
