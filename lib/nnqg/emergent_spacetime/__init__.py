"""Chapter 4: spacetimes that emerge from boundary data.

`metrics` holds anti-de Sitter space and its black hole, `bulk_network` turns a scalar field in such a metric into layers, and
`exact_fields` solves a few cases in closed form. `black_hole` labels boundary data, and `black_hole_training` recovers the metric
from the labels. `condensate` and its companions do the same with the quark condensate of lattice QCD, `shooting` without labels;
`meson_towers`, `sturm_liouville` and `meson_inverse` start from masses of mesons instead. `profile_continuation` and
`metric_reconstruction` turn a learned h into a metric, and `wilson_loop` and `string_branches` hang a quark pair's string in it.
"""
