"""The bulk from masses of vector mesons.

`sturm_liouville` has the modes of a bulk profile and `exact_spectra` the cases in closed form. `profile` and `penalty` are the unknown
profile and its priors, `towers` the data, and `inverse` and `ensemble` learn the one from the other with `nonnegative_fit`.
"""
