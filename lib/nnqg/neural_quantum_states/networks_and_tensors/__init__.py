"""What a Boltzmann machine and a tensor network are to each other.

- `boltzmann_to_tensors`: a restricted machine as a matrix product state, and how large its bonds must be; networks-and-tensors
- `tensors_to_boltzmann`: a matrix product state as a deep machine, exactly; networks-and-tensors
"""
