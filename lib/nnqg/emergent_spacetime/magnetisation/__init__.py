"""A metal's magnetisation curve as boundary data of a bulk network (second part of arXiv:1802.08313)."""
