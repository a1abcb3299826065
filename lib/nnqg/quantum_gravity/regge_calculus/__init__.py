"""Spacetimes glued from flat simplices.

- `regge_surface`: closed surfaces of triangles whose edge lengths learn; the-discretised-bulk
"""
