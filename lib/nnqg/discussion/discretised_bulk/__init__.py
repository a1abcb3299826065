"""Geometries as networks: `mera` and `pentagon_code` fix theirs, `stabilisers` computes entropies, the lengths of `regge_surface` learn."""
