"""Gravity with a dilaton at zero temperature, solved backwards: from the weight of the rho mesons to metric, dilaton and potential.

- `riccati`: the one equation behind all three; dilaton-potential
- `string_frame`: a quark pair's string in a solution; dilaton-potential
- `heavy_quarks`: the lattice's length scale of a static potential; dilaton-potential

Bad input raises `nnqg.errors.InvalidArgument`.
"""
