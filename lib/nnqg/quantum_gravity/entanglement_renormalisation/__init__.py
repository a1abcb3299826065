"""Networks that renormalise entanglement layer by layer.

- `mera`: the bonds of a MERA, and the fewest bonds that cut a network; the-discretised-bulk
"""
