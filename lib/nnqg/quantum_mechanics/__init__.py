"""Chapter 6: networks as path integrals."""
