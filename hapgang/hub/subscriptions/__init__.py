"""Subscriptions (ETSI GS CIM 009, clauses 5.2.12 and 5.8): who is told what, as pure functions.

`words` is the document of a subscription, `names` its names ↔ the hub's, `rules` what is watched,
`index` which rules a change may concern, `told` what happened to an entity, `notice` all that is to
be told of a unit, `notification` what a subscriber gets.
"""
