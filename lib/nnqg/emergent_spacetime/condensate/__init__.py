"""The spacetime of the quark condensate of lattice QCD.

`data` holds the six numbers and the published objective, which `objective` says in torch and `adjoint` with its gradient written out.
`training` starts it from random weights, `valley` follows its minimum, and `shooting` does without labels.
"""
