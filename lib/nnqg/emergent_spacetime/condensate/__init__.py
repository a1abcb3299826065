"""The spacetime of the quark condensate of lattice QCD.

`data` makes labelled points of the six numbers and has the settings of the published objective; `objective` computes it in torch,
`adjoint` with the gradient written out. `training` starts from random weights, `valley` follows the minimum, `shooting` needs no labels.
"""
