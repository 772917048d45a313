"""Backups of running cities: a folder that says what is in it, and becomes a city again.

city/           the city's folder as it will be: its model, lake, runs, alias
database.dump   everything else, of one instant (PostgreSQL's custom format)
forgotten.csv   who was forgotten until then: SHA-256 of the person's id, and when
keys/           master.key, token.key, operators.toml, feeds/, also of tenants: only when asked for
manifest.json   what, when, of which versions, how many rows
SHA256SUMS      of all of the above, as `sha256sum --check` reads it
"""
