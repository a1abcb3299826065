"""Random networks of finite width: how far are they from a Gaussian field?

- `correlators`: connected four-point functions of samples, with errors; wide-networks, activations
- `cosine_network`: the network of cosines that becomes a harmonic oscillator; wide-networks, activations
- `deep_kernels`: covariance of the neurons, layer by layer, in infinite and in finite networks; wide-networks
"""
