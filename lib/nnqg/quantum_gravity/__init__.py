"""Chapter 1: quantum gravity, for readers who come from networks."""
