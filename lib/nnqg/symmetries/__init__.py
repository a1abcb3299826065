"""Chapter 5: symmetries of networks and of spacetimes.

`redundancy` has a committee of neurons near the point at which two of them coincide, and a field that is held where particles are light.
Bad input raises `nnqg.errors.InvalidArgument`.
"""
