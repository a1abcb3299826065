"""The holographic dictionary: what a metric, a bulk field and a boundary theory are to each other."""
