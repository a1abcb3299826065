"""Which changes of basis of a hidden layer an activation lets through.

- `intertwiners`: whether a matrix in front of an activation can be undone behind it; broken-symmetries
"""
