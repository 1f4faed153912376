"""Files of word processors and Markdown as blocks of our texts: a library without models.

`bounded.read_file` and `read_words` have the file read in a process of its own (`child`), within limits; what comes
back are blocks and findings, and each block is checked as any other text. Nothing is imported here, so that the child
loads no more than it reads with.
"""
