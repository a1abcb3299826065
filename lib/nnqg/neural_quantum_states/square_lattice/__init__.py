"""The antiferromagnet on the square lattice: a symmetric Boltzmann state with a spin-wave factor, sampled, trained, corrected.

- `lattices`: the torus with its bonds, symmetries and distances, and the spin-wave factor; the-square-lattice
- `states`: eight images of a Boltzmann machine times a Jastrow factor; the-square-lattice
- `chains`: compiled chains and local energies, and estimates that refuse a chain that is stuck; the-square-lattice, better-and-why
- `lanczos`: one Lanczos step on top of a state; the-square-lattice, better-and-why
- `training`: stochastic reconfiguration with the schedule that two dimensions need; the-square-lattice, better-and-why
"""
