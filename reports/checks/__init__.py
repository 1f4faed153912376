"""Checks of a text before it is frozen: what a careful editor would ask about. Rules are small functions of one shape.

`texts`, `registry`, `running` and the families of rules know no database; `tabled`, `keeping` and `findings` do.
"""
