"""A quark pair's string in a black brane that solves Einstein's equations and fits the condensate: where does it break?

- `string_metric`: the metric that a string feels; string-breaking
- `pair_potential`: the potential of the stable strings and where it crosses zero; string-breaking
- `regularised_brane`: what a regulariser chooses where the data are silent; string-breaking

Bad input raises `nnqg.errors.InvalidArgument`.
"""
