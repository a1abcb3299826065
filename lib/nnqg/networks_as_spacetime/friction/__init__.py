"""The friction problem: from which initial conditions a particle stops, back to the friction h(t) that stopped it.

`network` is the particle as a network, `flow` and `adjoint` carry states and gradients through it, `data` draws the stop points.
`residual` and `inference` fit h on a `spline` to them; `labels` trains the classifier instead.
"""
