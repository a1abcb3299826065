"""When a network is a space: neighbours, the same weights everywhere, and a greatest speed.

Bad input raises `nnqg.errors.InvalidArgument` in every function. Convolutional layers and light cones are on the page itself.

- `automorphisms`: relabellings that a layer does not notice, distances, a ring from its distances; when-is-a-network-a-space
- `advection_diffusion`: random fields on a ring and their exact evolution; when-is-a-network-a-space
- `learned_layer`: least squares for local, shared and dense layers; when-is-a-network-a-space
"""
