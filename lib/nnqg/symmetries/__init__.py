"""Chapter 5: symmetries of networks and of spacetimes.

`redundancy` has a committee of neurons near the point at which two of them coincide, and a field that is held where particles are light.
`rescaling` holds ReLU units up to their scale, and attention layers up to their frame.
`linear_neural_ode` has the gauge transformations of a linear neural ODE and of its layers, and its Wilson line.
`activations` says which changes of basis an activation lets through.
`geodesics` has neural ODEs with a metric, and what their paths say about it.
`gauge_fixing` has the weights that penalties choose among equal ones, and a flow that is trained with them.
Bad input raises `nnqg.errors.InvalidArgument`.
"""
