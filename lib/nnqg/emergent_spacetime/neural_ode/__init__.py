"""The bulk as a neural ordinary differential equation: the field equation itself as the network (arXiv:2006.00712).

The weights are the coefficients of h(eta). Bad input raises `nnqg.errors.InvalidArgument` everywhere.

- `bulk_ode`: the equation for torchdiffeq, with both routes to the gradient; neural-ode
- `inwards`: the same with compiled Runge-Kutta steps and their exact gradient; neural-ode
- `training`: Adam with the window objective; neural-ode
- `horizon_shooting`: from a regular horizon outwards to the condensate; neural-ode
- `horizon_fit`: least squares for the condensates; neural-ode
- `printed_polynomial`: the slide's polynomial and its single slips; neural-ode, quark-potential
"""
