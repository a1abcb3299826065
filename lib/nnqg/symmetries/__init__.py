"""Chapter 5: symmetries of networks and of spacetimes."""
