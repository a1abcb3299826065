"""Chapter 7: is quantum gravity inside machine learning?

One package a page: `three_steps`, `deep_boltzmann`, `imaginary_time` and `discretised_bulk`.
"""
