"""A deep machine whose depth is imaginary time: `imaginary_time_layers` builds it, `ising_ring` is what it is held against."""
