"""NGSI-LD's data model (ETSI GS CIM 009 V1.9.1, clauses 4.5, 5.2 and 5.5), without HTTP.

`kinds` checks what a client says and writes it out in full; `changes` applies it to what is there;
`represent` writes an entity in the form that a client asks for; `choice`, `geo`, `scope`, `types`
and `order` are the parts of a query beside `q`.
"""
