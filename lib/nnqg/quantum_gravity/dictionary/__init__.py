"""The holographic dictionary: what a metric, a bulk field and a boundary theory are to each other.

- `metrics`: anti-de Sitter space and its black brane, depth by depth; the-bulk-is-a-network, quark-potential, similarity-of-diagrams,
  deep-boltzmann-holography, imaginary-time-as-depth, the-discretised-bulk, recovering-a-black-hole, a-metal-learns-its-spacetime,
  the-dictionary
- `exact_fields`: scalar fields in closed form, to hold a network against; holography-in-fifteen-minutes,
  the-bulk-is-a-network, deep-boltzmann-holography
- `layered_stack`: a field on layers of a curved bulk, its energy and its forward network; the-dictionary, three-steps,
  deep-boltzmann-holography, imaginary-time-as-depth
- `saddle_point`: the state of lowest energy and the first correction to it; three-steps, deep-boltzmann-holography
- `gaussian_layers`: the sum over free layers, one by one; the-dictionary, deep-boltzmann-holography, imaginary-time-as-depth
- `boundary_response`: source and response at the boundary; deep-boltzmann-holography, imaginary-time-as-depth
- `radial_equation`: a field in empty anti-de Sitter space, its scaling dimension and two-point function; the-dictionary
- `witten_diagram`: three fields that meet in the bulk; the-dictionary
- `thermal_correlators`: a field on the black brane, its two-point function and quasinormal modes; thermal-correlators
"""
