"""Chapter 5: symmetries of networks and of spacetimes.

`rescaling` holds ReLU units up to their scale, and attention layers up to their frame. Bad input raises `InvalidArgument`.
"""
