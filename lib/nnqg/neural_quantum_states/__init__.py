"""Chapter 2: quantum states as networks."""
