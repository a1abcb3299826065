"""The friction problem: from which initial conditions a particle stops, back to the friction h(t) that stopped it.

Bad input raises `nnqg.errors.InvalidArgument` in every function, and a trajectory that overflows `nnqg.errors.Diverged`.

- `network`: the particle as a network, one layer a time step; friction
- `flow`: states forward through the layers; friction
- `adjoint`: gradients back through the layers; friction
- `data`: which particles stop, exactly or by label; friction
- `spline`: the unknown h(t); friction
- `residual`: how far a particle is from stopping; friction
- `inference`: the least-squares fit of h; friction
- `labels`: the classifier instead; friction
"""
