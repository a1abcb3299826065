"""Chapter 3: when the layers of a network are steps in time.

`talk_network` is the four-unit network of the talk in numpy; `oscillators` holds exactly solvable Hamiltonian systems and their data;
`hamiltonian_network` learns a Hamiltonian through Euler, symplectic Euler or leapfrog layers; `comparisons` holds the networks that it is
compared with, and `training` fits all of them in the same way; `friction` infers a friction profile from particles that stop.
`eternal_black_hole`, `autoencoder` and `thermofield` are the two sides of the picture of a wormhole beside an autoencoder.
`residual_network` has blocks that are time steps of order 1, 2 and 4; `depth_scaling`, `depth_gradients` and `depth_training` say what
depth does to random networks, to their gradients and to their training.
"""
