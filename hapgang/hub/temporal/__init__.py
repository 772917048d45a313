"""What was: how the attributes of an entity came to be what they are (clauses 4.5.6 to 4.5.9).

`when` says which instants are asked for, `durations` what a period is, `evolution` reads an
entity's history off the lines of the feed, `overlay` what was changed about it afterwards, `page`
cuts what is too long for one answer, `series` aggregates, `represent` writes. Pure: lines in,
documents out.
"""
