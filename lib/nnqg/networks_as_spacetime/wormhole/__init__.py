"""A wormhole beside an autoencoder: the maximally extended AdS-Schwarzschild black brane, and what has its shape.

`tortoise` is the coordinate along the light rays of the metric, in closed form; `kruskal` the coordinates that cross the horizon;
`conformal_diagram` puts all of it on a page; `radial_geodesics` integrates what moves in it without knowing the diagram; `maximal_slices`
are the Einstein-Rosen bridges that the two boundaries anchor. `autoencoder` trains the networks of the other side of the picture, and
`thermofield` has the state that joins the two boundaries.
"""
