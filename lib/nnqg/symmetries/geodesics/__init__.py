"""Neural ODEs that are geodesic equations, and what their paths say about the metric.

- `paths`: geodesics of a metric that is any function of the coordinates, other coordinates, and curvature; broken-symmetries
- `ambiguity`: linear equations for all metrics that have given paths, with or without their time; broken-symmetries
"""
