"""docs/permissions.md, made from the access tables: `python -m tests.permissions`, with `--check` only compared.

It lies with the tables, outside the packages that are installed: no code of the site may import tests.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import django
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access import (
    COMMANDS,
    DUE,
    MAILS,
    NOTICES,
    OWN_DATA,
    PAGES,
    ROLES,
    SIDE_A,
    SIDE_B,
    SOCKETS,
    STRANGERS,
    TASKS,
    TOPICS,
    Page,
)

FILE = Path(__file__).resolve().parents[1] / "docs" / "permissions.md"
# Columns: the roles that each shows, and its heading.
COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Not signed in", ("anonymous",)),
    ("Without a part in it", STRANGERS[1:]),
    ("Observer", ("observer",)),
    ("Facilitator", ("facilitator",)),
    ("A: co-chair", SIDE_A[:1]),
    ("A: deputy", SIDE_A[1:2]),
    ("A: member", SIDE_A[2:]),
    ("B: co-chair", SIDE_B[:1]),
    ("B: member", SIDE_B[1:]),
)
NAMES = {
    "invitee": "the invited",
    "outsider": "an outsider",
    "installer": "the installer",
    "other_facilitator": "another programme’s facilitator",
    "other_group_member": "a member of another group",
    "ex_member_a": "a former member",
}
HEAD = """# Who may do what

Made from the tables that the test suite holds every page to (`tests/access.py`): change them there, then run
`python -m tests.permissions`. Each page is asked for by each role, by GET and by POST, and the answers are compared
exactly; a page, a socket, a notice, a mail, a task or a command without a line fails the suite.

**reads**: the page opens. **acts**: what its form sends is taken up, or refused with a reason. **no**: told that it is
not allowed. **led on**: to another page, nothing to do here. **–**: as if it did not exist, or to the sign-in page.
A `*` marks what asks for an authenticator code or a passkey in this session first. Things are named by whose they are:
“caucus of A” is what side A keeps to itself, side B is the other side, and what holds for A as seen by B holds the
other way round.

“Without a part in it” are the invited who have not accepted, outsiders, the installer, facilitators of another
programme, members of another group and former members; where one of them differs, the cell says so.
"""


def letters(line: str) -> dict[str, str]:
    return dict(zip(ROLES, line.replace(" ", ""), strict=True))


def words_for(page: Page, role: str) -> str:
    """What one role may do at an address."""
    read, sent = letters(page.get)[role], letters(page.post)[role]
    if read == "d" and sent in "dx":
        return "led on"
    may = [word for word, holds in (("reads", read == "o"), ("acts", sent in "oduci")) if holds]
    if may:
        return ", ".join(may)
    return "no" if "f" in (read, sent) else "–"


def cell(page: Page, roles: Iterable[str]) -> str:
    """One answer where all agree; else the usual one, and who differs."""
    said = {role: words_for(page, role) for role in roles}
    usual = max(set(said.values()), key=lambda words: (list(said.values()).count(words), words))
    apart = [f"{NAMES[role]}: {words}" for role, words in said.items() if words != usual and role in NAMES]
    if not apart and set(said) <= set(SIDE_B):
        return max(said.values(), key=len)  # two members of one side, of whom one has acted already
    return "; ".join([usual, *apart])


def addresses(patterns: Iterable[URLPattern | URLResolver], before: str = "/") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        else:
            yield str(pattern.name), here


def plain(address: str) -> str:
    """`/passages/…/write/`"""
    parts = address.replace("^", "").replace("$", "").split("/")
    return "/".join("…" if part.startswith(("<", "(")) else part for part in parts)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def pages() -> Iterator[str]:
    where = {name: plain(address) for name, address in addresses(get_resolver().url_patterns)}
    for title, rows in PAGES.items():
        yield f"## {title}\n"
        yield table(
            ["Page", "Thing", *(head for head, _roles in COLUMNS)],
            (
                [f"`{where[row.name]}`{'*' if row.key else ''}", row.of, *(cell(row, roles) for _h, roles in COLUMNS)]
                for row in rows
            ),
        )
        yield ""


HEARD = {"o": "what all hear", "a": "that, and A’s caucus", "b": "that, and B’s caucus", "–": "–"}
TOLD = {"t": "told", "v": "", "–": "never"}


def per_column(line: str, words: dict[str, str]) -> list[str]:
    """One cell a column; where its roles differ, each that is not nothing."""
    by_role = letters(line)
    found = []
    for _head, roles in COLUMNS:
        said = dict.fromkeys(words[by_role[role]] for role in roles)
        found.append(" or ".join(word or "may see it" for word in said) if len(said) > 1 else next(iter(said)))
    return found


def others() -> Iterator[str]:
    heads = [head for head, _roles in COLUMNS]
    yield "## What an open page hears\n"
    yield "\n".join(f"- `{name}`: {words}." for name, words in SOCKETS.items()) + "\n"
    yield table(["Page", *heads], ([f"{t.name}: {t.of}", *per_column(t.hears, HEARD)] for t in TOPICS))
    yield "\n## Who is told what\n"
    yield (
        "Asked again when a mail is written and when the bell is shown: **never** is never told and never shown; an "
        "empty cell may see the thing and is not told of it.\n"
    )
    yield table(["Notice", "About", *heads], ([f"`{n.kind}`", n.of, *per_column(n.told, TOLD)] for n in NOTICES))
    for title, lines in (
        ("Mails to an address alone", MAILS),
        ("Tasks", TASKS),
        ("What happens when a moment comes", DUE),
        ("Commands", COMMANDS),
    ):
        yield f"\n## {title}\n"
        yield "\n".join(f"- `{name}`: {words}." for name, words in lines.items())
    yield "\n## One’s own data\n"
    yield "\n".join(f"- `{name}`" for name in OWN_DATA)


def written() -> str:
    return "\n".join([HEAD, *pages(), *others()]).rstrip() + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Write docs/permissions.md from the access tables.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is not up to date")
    check = parser.parse_args().check
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings.test")
    sys.path[:0] = [str(FILE.parents[1]), str(FILE.parents[1] / "platform")]
    django.setup()
    text = written()
    if not check:
        FILE.write_text(text)
        return 0
    if FILE.exists() and FILE.read_text() == text:
        return 0
    print("docs/permissions.md is not what the access tables say: python -m tests.permissions", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
