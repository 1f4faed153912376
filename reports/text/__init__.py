"""The words of a passage: one schema, one canonical form, and what is read, shown and compared from it.

A pure library: no models, no requests. Every text in Parley is ProseMirror JSON of `schema.json`, checked by
`schema.check` before it is stored; the other modules take checked texts.
"""
