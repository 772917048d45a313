"""Makes the reference city from the facts of the source documents, the same every time.

`python -m cities.sejong.generate` rewrites every generated file of `cities/sejong`. The steps are
plane, ground, streets, graph, blocks, buildings, places, outside, tables, trees, underground,
transit, scenarios and write; `facts` holds what the documents say and what we had to assume, each
number beside its source.
"""
