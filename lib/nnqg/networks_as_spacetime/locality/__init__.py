"""When a network is a space: neighbours, the same weights everywhere, and a greatest speed.

`relabelling` permutes the units of a fully connected network; `automorphisms` finds the relabellings that a layer does not notice, the
distances that its connections define, and a ring from its distances. `convolution` translates three weights into a phi + b phi' + c phi''
and back. `advection_diffusion` makes fields and lets them evolve exactly; `learned_layer` fits local, shared and dense layers to such data;
`light_cone` follows gradients through deep layers.
"""
