"""Chapter 2: quantum states as networks.

`imaginary_time` builds machines whose depth is imaginary time.
`networks_and_tensors` turns Boltzmann machines into tensor networks and back.
Bad input raises `nnqg.errors.InvalidArgument`.
"""
