"""Chapter 1: quantum gravity, for readers who come from networks.

`dictionary` translates between a metric, a field in it and its boundary theory. `triangulations` and `regge_calculus` discretise
spacetime, `entanglement_renormalisation` and `holographic_codes` build one from entanglement, and `entanglement_features` learns one.
"""
