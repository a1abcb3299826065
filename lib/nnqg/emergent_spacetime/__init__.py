"""The bulk as a network: metrics that emerge from boundary data."""
