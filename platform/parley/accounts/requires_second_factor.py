"""Who must have a second factor: upper layers register sentences about a person."""

from collections.abc import Callable

from .models import User

Rule = Callable[[User], bool]
_rules: list[Rule] = []


def register(rule: Rule) -> Rule:
    _rules.append(rule)
    return rule


def of(person: User) -> bool:
    return any(rule(person) for rule in _rules)
