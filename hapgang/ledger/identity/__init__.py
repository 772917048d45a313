"""Identity: who somebody is to a city, shown by proofs that they keep themselves.

Pure functions over documents and tokens; nothing here opens a socket, reads a clock or keeps
state. What is random is drawn by a callable that can be given, time is an argument. Forms and
reasons: docs/decisions/0021-credentials-are-kept-by-people.md.
"""
