"""The bulk from masses of vector mesons (arXiv:2005.02636). Bad input raises `nnqg.errors.InvalidArgument` everywhere.

- `sturm_liouville`: chain of springs, its modes, their exact gradients and kernels; meson-spectrum
- `exact_spectra`: soft wall and its isospectral family; meson-spectrum, dilaton-potential
- `profile`: the unknown function b and the exponent B; meson-spectrum
- `penalty`: three regularisers; meson-spectrum
- `towers`: measured masses, and how the bulk is cut into pieces; meson-spectrum
- `inverse`: least squares from masses to b; meson-spectrum, dilaton-potential
- `ensemble`: bulks that the data do not distinguish; meson-spectrum
"""
