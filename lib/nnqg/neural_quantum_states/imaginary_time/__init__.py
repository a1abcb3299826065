"""Machines whose depth is imaginary time."""
