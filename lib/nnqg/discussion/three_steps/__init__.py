"""One field on a stack of layers in three steps: `layered_field` is classical or quantum, `random_widths` and `summed_stack` make the
geometry quantum as well, `sampled_architecture` gives each vertex a unit of its own."""
