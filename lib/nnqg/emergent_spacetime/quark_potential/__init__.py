"""The potential of a heavy quark pair in a black brane (hep-th/9803002, arXiv:1809.10536).

Bad input raises `nnqg.errors.InvalidArgument` everywhere.

- `wilson_loop`: hanging strings, their distance, energy and force; quark-potential, string-breaking, dilaton-potential
- `string_branches`: all strings of a metric, walls and breaking lengths; quark-potential, string-breaking
- `metric_reconstruction`: from the friction h to f and g with an assumption on g; quark-potential
- `profile_continuation`: a learned h continued to horizon and boundary; quark-potential
"""
