"""Chapter 6: networks as path integrals.

`wide_networks` has sums over random networks, wide and deep, and their distance from a Gaussian field.
`time_slicing`: sums over paths with corners, exactly, in real and imaginary time.
`ground_states` samples networks in imaginary time.
`stochastic_quantisation`: random networks of an interacting particle, in imaginary and in fictitious time.
`time_division`: corners at times that one may choose, in any potential.
Bad input raises `nnqg.errors.InvalidArgument`.
"""
