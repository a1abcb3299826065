"""One field on a stack of layers in three steps; its stacks and discs are those of `nnqg.quantum_gravity`.

- `field_sums`: sums over fields, and over fields and widths of the layers; three-steps
- `graph_field`: each vertex of a triangulation is a unit of its own; three-steps
"""
