"""The registry: documents certified, things registered, payments that wait for a condition.

Each step is a fact of the city's log (docs/decisions/0019-one-log-for-every-fact.md).
"""
