"""Chapter 7: is quantum gravity inside machine learning?

`bulk_energy` turns a metric into the energy of a deep Boltzmann machine. `gaussian_layers` sums over its layers when the field is free,
and `boundary_response` reads the boundary theory off the result. `depth_quadrature` sums exactly when the field interacts, `block_gibbs`
samples (`autocorrelation` says how well), and `saddle_point` is the classical limit, a forward network. `imaginary_time_layers` is the
talk's other machine, whose depth is imaginary time, and `ising_ring` what it is held against.
"""
