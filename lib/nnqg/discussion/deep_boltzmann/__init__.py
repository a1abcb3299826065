"""A bulk field as a deep Boltzmann machine.

`bulk_energy` turns a metric into the energy of the machine. `gaussian_layers` sums over its layers when the field is free, and
`boundary_response` reads the boundary theory off the result. `depth_quadrature` sums exactly when the field interacts, `block_gibbs`
samples (`autocorrelation` says how well), and `saddle_point` is the classical limit, a forward network.
"""
