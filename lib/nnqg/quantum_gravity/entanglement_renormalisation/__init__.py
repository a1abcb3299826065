"""Networks that renormalise entanglement layer by layer."""
