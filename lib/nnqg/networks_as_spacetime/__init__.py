"""Chapter 3: when is a network a spacetime? One sub-package for each page: `locality`, `wormhole`, `depth`, `hamiltonian`, `friction`."""
