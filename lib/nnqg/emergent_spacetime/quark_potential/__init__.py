"""The potential of a quark pair in a learned metric.

`profile_continuation` and `metric_reconstruction` turn a learned h into a metric; `wilson_loop` and `string_branches` hang a string in it.
"""
