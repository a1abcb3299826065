"""Sums over triangulated spacetimes.

- `random_widths`: discs of causal dynamical triangulations, ring by ring; three-steps
- `triangulated_disc`: the same discs vertex by vertex; three-steps
"""
