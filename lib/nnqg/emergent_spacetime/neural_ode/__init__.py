"""The bulk as a neural ordinary differential equation: the field equation itself as the network, h(eta) as its weights."""
