"""Chapter 4: spacetimes that emerge from boundary data.

Each sub-package belongs to one question: `black_hole`, `magnetisation`, `condensate`, `neural_ode` and `mesons` learn a spacetime from
data, `quark_potential` hangs a string in it, `dilaton` asks for a solution of gravity, `thermal_dilaton` for one with a horizon, and
`string_breaking` hangs the string there. They share

- `bulk_network`: a scalar field in a metric of `nnqg.quantum_gravity.dictionary`, as layers; the-bulk-is-a-network,
  recovering-a-black-hole, the-discretised-bulk
- `window`: soft edges of the condition at the horizon; recovering-a-black-hole, learning-from-lattice-qcd, a-metal-learns-its-spacetime
"""
