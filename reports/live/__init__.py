"""Live drafting: several people in one passage. The database is the only authority; docs/live.md tells how it works.

`protocol` the bytes on the line · `structure` what an update may hold · `conversion` between Yjs and our texts ·
`rewriting` a text made to say other words · `store` the rows, written and read · `rights` who may · `cutting` words
become revisions · `hub` and `consumer` the sockets · `events` what verbs tell the sockets.
"""
