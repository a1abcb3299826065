"""Codes whose network is a hyperbolic tiling."""
