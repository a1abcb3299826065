"""The holographic dictionary: what a metric, a bulk field and a boundary theory are to each other.

- `bulk_energy`: the energy of a field on layers of a curved bulk; deep-boltzmann-holography, imaginary-time-as-depth
- `gaussian_layers`: the sum over free layers, one by one; deep-boltzmann-holography, imaginary-time-as-depth
- `boundary_response`: source and response at the boundary; deep-boltzmann-holography, imaginary-time-as-depth
"""
