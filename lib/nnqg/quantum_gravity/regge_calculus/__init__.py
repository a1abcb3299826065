"""Spacetimes glued from flat simplices.

- `regge_surface`: closed surfaces of triangles whose edge lengths learn; regge-calculus, the-discretised-bulk
- `simplicial_complex`: spaces of any dimension, their curvature, action and fields from edge lengths; regge-calculus
"""
