"""Chapter 6: networks as path integrals.

`time_slicing`: sums over paths with corners, exactly, in real and imaginary time.
"""
