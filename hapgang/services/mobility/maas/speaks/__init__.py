"""TOMP-API 1.6, the standard between transport operators and MaaS providers. Pure.

Standard: TOMP working group (CROW), TOMP-API 1.6.1, its OpenAPI document. What it leaves open and
is decided here stands where it is decided.
"""

VERSION = "1.6.1"
