"""How far the sides support a recommendation, side by side and in one phrase."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parley.programmes.models import Side

from .models import Document, Passage, Support, SupportLevel
from .text.schema import heading_of


@dataclass(frozen=True)
class Supported:
    """One side's word on the recommendation as it stands; None where it has said nothing to these words."""

    side: Side
    support: Support | None

    @property
    def level(self) -> str:
        return self.support.level if self.support else ""

    @property
    def words(self) -> str:
        return str(self.support.get_level_display()) if self.support else _("has not said")


def is_recommendation(passage: Passage) -> bool:
    """A numbered one: it lies before all sides and has a heading."""
    return passage.tabled is not None and heading_of(passage.tabled.text)[0] is not None


def supports_on(document: Document, passages: Iterable[Passage], sides: Sequence[Side]) -> dict[int, list[Supported]]:
    """By recommendation each side's word; no question where no side has ever said one and none is printed."""
    wanted = {p.pk: p for p in passages if is_recommendation(p)} if document.has_support else {}
    if not wanted:
        return {}
    stated: dict[tuple[int, int], Support] = {}
    for support in Support.objects.current().on(wanted.values()):
        tabled = wanted[support.passage_id].tabled
        if tabled is not None and support.sha256 == tabled.sha256:
            stated[support.passage_id, support.side_id] = support
    return {key: [Supported(side, stated.get((key, side.pk))) for side in sides] for key in wanted}


def phrase_of(supported: Sequence[Supported]) -> str:
    """“Supported by both sides, with reservations of Armenia”, in the language that is active."""
    held = [one.side.name for one in supported if one.level in (SupportLevel.FULL, SupportLevel.RESERVED)]
    silent = [one.side.name for one in supported if not one.level]
    reserved = [one.side.name for one in supported if one.level == SupportLevel.RESERVED]
    if len(silent) == len(supported):
        return _("Not said by any side yet")
    said = [_supported_by(held, len(supported), len(silent))]
    if reserved and reserved == held:
        said.append(_("with reservations"))
    elif reserved:
        said.append(_("with reservations of %(sides)s") % {"sides": _listed(reserved)})
    phrase = ", ".join(said)
    if silent:
        phrase = _("%(phrase)s; not said yet by %(sides)s") % {"phrase": phrase, "sides": _listed(silent)}
    return phrase


def _supported_by(held: Sequence[str], count: int, silent: int) -> str:
    if not held:
        return _("Supported by no side")
    if len(held) == count:
        return _("Supported by both sides") if len(held) == 2 else _("Supported by all sides")
    if len(held) == 1 and not silent:
        return _("Supported by %(side)s only") % {"side": held[0]}
    return _("Supported by %(sides)s") % {"sides": _listed(held)}


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("%(others)s and %(last)s") % {"others": ", ".join(names[:-1]), "last": names[-1]}
