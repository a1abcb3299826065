"""Gravity with a dilaton, backwards: from boundary data to the potential V of the dilaton.

`riccati` solves the one equation that turns the exponent B of a meson field into metric, dilaton and V at zero temperature;
`exact_dilaton` holds a solution in closed form, `string_frame` hangs a quark pair's string in a solution, and `heavy_quarks` reads the
static potential as lattice physicists do.
"""
