"""Gravity with a dilaton, solved backwards: from data to metric, dilaton and potential.

At zero temperature the weight of the rho mesons fixes all three: `riccati` solves the one equation, `exact_dilaton` holds a solution in
closed form, `string_frame` hangs a quark pair's string in a solution, and `heavy_quarks` reads the static potential as lattice
physicists do. At non-zero temperature every solution is one decreasing function E(u): `thermal_solution` turns it into a metric,
`steepness` offers families of them, `regularised_brane` lets a regulariser choose, and `thermal_frames` puts them where strings can
hang, for `pair_potential` to read. `condensate_probe` sends the quark condensate's scalar field through, `landau` says what six lattice
points know, and `critical_amplitude` and `condensate_fit` find the solutions that agree with them.
"""
