"""Bare Django views, one file per workload: same rows, same output, session and user, stock template, no cache.

Changing one changes what every figure means: it needs a decision record (docs/decisions).
"""
