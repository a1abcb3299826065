"""Sums over triangulated spacetimes."""
