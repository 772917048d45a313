"""Verifiable secret votes for consultations; not for public office. See docs/ballots.md."""
