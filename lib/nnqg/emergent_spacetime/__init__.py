"""Chapter 4: spacetimes that emerge from boundary data.

`bulk_network` turns a scalar field in a metric of `nnqg.quantum_gravity.dictionary` into layers. Each sub-package belongs to one question:
`black_hole`, `magnetisation`, `condensate` and `mesons` learn a spacetime from four kinds of data, `quark_potential` hangs a string in it,
`dilaton` asks for a solution of gravity, `thermal_dilaton` for one with a horizon, and `string_breaking` hangs the string there.

- `bulk_network`: a scalar field in a metric as a network of layers; the-bulk-is-a-network, recovering-a-black-hole,
  the-discretised-bulk
- `window`: the window that tells an accepted output from a rejected one; recovering-a-black-hole, a-metal-learns-its-spacetime,
  learning-from-lattice-qcd
"""
