"""`/ngsi-ld/v1/temporal` (clauses 6.18 to 6.24): what was, and what is said of it afterwards."""

from hapgang.app.ngsild.temporal.consume import BY_METHOD
from hapgang.app.ngsild.temporal.provide import CALLS

__all__ = ["BY_METHOD", "CALLS"]
