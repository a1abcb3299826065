"""One field on a stack of layers in three steps.

- `layered_field`: a classical or quantum field on given layers; three-steps
- `summed_stack`: field and widths of the layers summed together; three-steps
- `sampled_architecture`: each vertex of a triangulation is a unit of its own; three-steps
"""
