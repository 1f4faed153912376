"""What is done to a text reads in words in the record."""

import ast
import re
from pathlib import Path

from parley.audit.kinds import known_kinds

KIND = re.compile(r"(document|section|passage|comment)\.[a-z_]+")


def test_every_act_on_a_text_has_words():
    sources = [path.read_text() for path in Path("reports/actions").glob("*.py")]
    strings = {node.value for source in sources for node in ast.walk(ast.parse(source)) if _is_kind(node)}
    names = ("order", "release", "freeze", "unfreeze", "package", "support")
    motions = {"section.order", *(f"document.{name}" for name in names)}

    assert "passage.tabled" in strings
    assert strings - motions - known_kinds() == set()


def _is_kind(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(KIND.fullmatch(node.value))
