"""Sums over triangulated spacetimes.

- `random_widths`: discs of causal dynamical triangulations, ring by ring; three-steps
- `triangulated_disc`: the same discs vertex by vertex; three-steps
- `transfer_matrix`: the sum over causal tori and between two loops, exactly; causal-triangulations
- `moves`: Monte Carlo for causal tori; causal-triangulations
- `plane_trees`: discs of a given number of vertices, drawn exactly; causal-triangulations
- `graph_geometry`: distances and return probabilities; causal-triangulations
"""
