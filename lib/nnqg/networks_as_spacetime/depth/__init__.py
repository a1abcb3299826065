"""Depth as time: `residual_network` is a step of a dynamical system; `scaling`, `gradients` and `training` say how deep it can be."""
