"""Chapter 2: quantum states as networks. `imaginary_time` builds machines whose depth is imaginary time."""
