"""Gravity with a dilaton at zero temperature, solved backwards: from the weight of the rho mesons to metric, dilaton and potential.

- `riccati`: the one equation behind all three; dilaton-potential
- `exact_dilaton`: a confining solution in closed form; dilaton-potential
- `string_frame`: a quark pair's string in a solution; dilaton-potential
- `heavy_quarks`: the static potential, read as lattice physicists do; dilaton-potential

Bad input raises `nnqg.errors.InvalidArgument`.
"""
