"""Networks that renormalise entanglement layer by layer.

- `mera`: the bonds of a MERA, and the fewest bonds that cut a network; entanglement-renormalisation, the-discretised-bulk
- `scale_invariant`: layers that carry operators up and states down, energy, gradient and training; entanglement-renormalisation
"""
