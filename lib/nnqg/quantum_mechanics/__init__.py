"""Chapter 6: networks as path integrals.

`time_slicing`: sums over paths with corners; networks-as-paths.
"""
