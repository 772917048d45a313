"""The log of a living city: kept by `city_log`, read and proved at the doors of `endpoints`.

What a leaf, a checkpoint and a receipt are: docs/decisions/0019-one-log-for-every-fact.md.
"""
