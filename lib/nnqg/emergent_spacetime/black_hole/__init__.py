"""A black hole recovered from labelled boundary data: `labels` makes the points, `training` finds the metric again."""
