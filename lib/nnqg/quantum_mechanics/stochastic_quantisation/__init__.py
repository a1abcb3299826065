"""Random networks of an interacting particle, made in two different times.

- `forward_chain`: networks that grow along the imaginary time, step by step, on the lattice; random-networks
- `fictitious_time`: whole paths that move in a time of their own until they have the right weights; random-networks
"""
