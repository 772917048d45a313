"""Collection, as far as it is pure: foreign bytes to rows, rows to NGSI-LD documents, and how good.

`reading` turns bytes into rows, `mapping` turns rows into documents by the words of a mapping
(docs/guides/collecting.md), `quality` counts. Nothing here opens a file or a socket.
"""
