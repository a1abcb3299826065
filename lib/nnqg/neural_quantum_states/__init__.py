"""Chapter 2: quantum states as networks. `spin_chains` has the models and their exact energies, `matrix_products` states and Hamiltonians
as chains of tensors; `imaginary_time` builds machines whose depth is imaginary time.
"""
