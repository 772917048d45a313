"""Other cities: whose log counts here, whose currency is taken, and what is owed for it.

Why so: docs/decisions/0023-another-citys-root-is-an-agreement.md.
"""
