"""A wormhole beside an autoencoder: the maximally extended AdS-Schwarzschild black brane, and what has its shape.

Bad input raises `nnqg.errors.InvalidArgument` in every function. In arguments, d is the dimension of the boundary, at least 2; the AdS
radius and the horizon radius are 1.

- `tortoise`: the coordinate along light rays, in closed form; similarity-of-diagrams
- `kruskal`: coordinates that cross the horizon; similarity-of-diagrams
- `radial_geodesics`: what moves in it, integrated without knowing the diagram; similarity-of-diagrams
- `maximal_slices`: Einstein-Rosen bridges that the two boundaries anchor; similarity-of-diagrams
- `autoencoder`: the networks of the other side of the picture; similarity-of-diagrams
- `thermofield`: the state that joins the two boundaries; similarity-of-diagrams
"""
