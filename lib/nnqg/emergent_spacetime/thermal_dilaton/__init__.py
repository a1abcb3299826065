"""Black branes with a dilaton: every one of them is a decreasing function E(u), and the quark condensate is a probe of it.

- `thermal_solution`: metric, dilaton and potential of a given E(u); dilaton-at-finite-temperature, string-breaking
- `steepness`: families of -dE/dx; dilaton-at-finite-temperature
- `condensate_probe`: the condensate's scalar field and its response; dilaton-at-finite-temperature, string-breaking
- `landau`: what six lattice points know; dilaton-at-finite-temperature, string-breaking
- `critical_amplitude`: the brane with a given response; string-breaking
- `condensate_fit`: branes that agree with the six points; dilaton-at-finite-temperature, string-breaking

Bad input raises `nnqg.errors.InvalidArgument`.
"""
