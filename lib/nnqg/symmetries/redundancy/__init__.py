"""What redundancy of the weights does to training, and its model in the physics of moduli.

- `committee`: a committee of neurons that learns another one, with the exact loss of all Gaussian inputs; redundancy-and-trainability
- `moduli_trapping`: a field that makes particles where they are light, and is held by them; redundancy-and-trainability
"""
