"""Chapter 5: symmetries of networks and of spacetimes.

- `linear_neural_ode`: weights as gauge fields, links of a lattice, Wilson lines

Bad input raises `InvalidArgument`.
"""
