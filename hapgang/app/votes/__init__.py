"""Votes, where they hold a secret or take long: the issuer's keys, proofs, boards, counts."""
