"""Chapter 7: is quantum gravity inside machine learning?

`three_steps` and `deep_boltzmann` serve the pages of these names. The pages *imaginary time as depth* and *the discretised bulk* compute
with `nnqg.neural_quantum_states` and `nnqg.quantum_gravity` alone.
"""
