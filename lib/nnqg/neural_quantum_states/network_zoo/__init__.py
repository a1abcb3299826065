"""The sixteen networks of slide ② 1/6.

- `drawings`: each network as a graph of units and lines, drawn in one style; a-zoo-of-networks
"""
