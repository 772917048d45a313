"""Other cities at this one's doors: what needs the log's key, its proofs, a chain or their log.

HAPGANG_CITIES        beginnings of addresses of other cities that may be read: log, keys, lists
HAPGANG_CHAIN_NODES   CHAIN=URL, with spaces between: which node to ask about another city's anchor
"""
