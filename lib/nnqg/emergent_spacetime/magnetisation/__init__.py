"""A metal's magnetisation curve as boundary data of a bulk network (second part of arXiv:1802.08313).

- `labelled_points`: points near the measured curve and away from it; a-metal-learns-its-spacetime
- `objective`: boundary map, network and what is minimised, with its gradient; a-metal-learns-its-spacetime
- `training`: minibatch Adam from random starts; a-metal-learns-its-spacetime
- `critical_curve`: the M(H) of a network; a-metal-learns-its-spacetime
- `polynomial_models`: odd polynomials, the baseline without a bulk; a-metal-learns-its-spacetime
"""
