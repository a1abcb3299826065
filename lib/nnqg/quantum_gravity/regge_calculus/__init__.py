"""Spacetimes glued from flat simplices."""
