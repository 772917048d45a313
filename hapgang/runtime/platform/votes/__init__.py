"""Votes for consultations: a poll from its trustees' key to its result (docs/ballots.md).

Every step that somebody may want to prove is a fact of the city's log. Keys that sign tokens and
all that takes long are in `app/votes`; no secret of a trustee or a voter ever comes here.
"""
