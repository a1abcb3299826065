"""The friction problem: from which initial conditions a particle stops, back to the friction h(t) that stopped it.

All of it serves the page ``networks-as-spacetime/friction``.

- `network`: the particle as a network, one layer a time step
- `flow`, `adjoint`: states forward through the layers, gradients back
- `data`: which particles stop, exactly or by label
- `spline`: the unknown h(t)
- `residual`, `inference`: how far a particle is from stopping, and the least-squares fit
- `labels`: the classifier instead

Every function raises `InvalidArgument` on input of another shape or range, and `Diverged` if a trajectory overflows.
"""
