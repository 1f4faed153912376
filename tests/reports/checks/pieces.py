"""Small texts for the rules, without a database."""

from reports.checks.registry import Finding
from reports.checks.running import check
from reports.checks.texts import Ground, Piece, SideName, Whole

SIDES = (SideName("n", "Northland", "Northern"), SideName("s", "Southland", "Southern"))


def piece(words: str, id_: str = "p1", voice: str = "joint", **about) -> Piece:
    """`words` by lines; `options` are their last block."""
    options = tuple(about.pop("options", ()))
    return Piece(
        id=id_,
        section=about.pop("section", "one"),
        voice=voice,
        sha256=about.pop("sha256", words),
        lines=(*(line for line in words.split("\n") if line), *options),
        options=(options,) if options else (),
        ends_in_list=bool(options),
        **about,
    )


def whole(*given: Piece | str, **ground) -> Whole:
    pieces = tuple(piece(one, f"p{n}") if isinstance(one, str) else one for n, one in enumerate(given, 1))
    sections = {one.section: one.section.title() for one in pieces}
    return Whole(Ground(sides=SIDES, **ground), pieces, sections)


def found(rule: str, *given: Piece | str, **ground) -> list[Finding]:
    """What this rule finds."""
    return [one for one in check(whole(*given, **ground))[0] if one.rule == rule]


def cases(rule: str, *given: Piece | str, **ground) -> list[str]:
    return [one.case for one in found(rule, *given, **ground)]
