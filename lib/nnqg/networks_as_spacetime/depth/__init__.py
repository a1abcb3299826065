"""Depth as time: residual networks as dynamical systems, and how deep a network can be.

Bad input raises `nnqg.errors.InvalidArgument` in every function.

- `residual_network`: a residual network as a time stepper, blocks of any order; depth-as-time
- `scaling`: ensembles of random networks, plain and with four scalings of a residual layer; depth-as-time
- `gradients`: what backpropagation multiplies through their depth; depth-as-time
- `training`: training a whole ensemble in one sweep; depth-as-time
"""
