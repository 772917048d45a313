"""Context sources: who else knows something, and of what (clauses 4.3.6, 5.2.9, 5.9, 5.10, 5.12).

`model` is a registration, `matching` says whether it is about what is asked, `plan` which parts
of a request go where, `merging` makes one entity of several answers. Pure: nothing is sent here.
"""
