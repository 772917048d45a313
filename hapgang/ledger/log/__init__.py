"""The log: every fact a leaf of one append-only Merkle tree, its root signed once a minute.

Forms and reasons: docs/decisions/0019-one-log-for-every-fact.md. Who checks shares no code with
this room: verifier/README.md.
"""
