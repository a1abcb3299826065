"""The maximally extended AdS-Schwarzschild black brane: its diagram, its rays, and the bridge between its two sides.

`tortoise` is the metric and the coordinate along its light rays, in closed form; `kruskal` the coordinates that cross the horizon;
`conformal_diagram` puts all of it on a page; `radial_geodesics` integrates what moves in it without knowing the diagram; `maximal_slices`
are the Einstein-Rosen bridges that the two boundaries anchor.
"""
