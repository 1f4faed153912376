"""What a meeting's agenda may be built from: open brackets, views without a reply, open comments. Tabled words only:
a caucus neither adds a line here nor takes one away.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from groups.models import ThematicGroup
from reports import links
from reports.models import Bracket, DocumentState, NoReply, Passage, Thread, Voice

from .actions import Point

# Of each sort: an agenda with more of them is no agenda.
MOST = 12
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Suggestion:
    """A line for the agenda, under the key by which its form names it."""

    key: str
    title: str
    page: str

    def point(self) -> Point:
        return Point(title=self.title, paper=self.page)


@dataclass(frozen=True)
class Sort:
    name: str
    suggestions: list[Suggestion]


def suggestions_for(group: ThematicGroup) -> list[Sort]:
    """Three questions for a group with any number of documents."""
    return [
        Sort(_("Open brackets"), list(_brackets(group))),
        Sort(_("Views without a reply"), list(_views(group))),
        Sort(_("Open comments"), list(_comments(group))),
    ]


def _brackets(group: ThematicGroup) -> Iterator[Suggestion]:
    found = Bracket.objects.in_the_text().filter(**_drafted("passage__", group))
    for bracket in found.select_related("side", "passage__section__document").order_by("opened_at", "pk")[:MOST]:
        where = _place(bracket.passage)
        title = _("Bracket of %(side)s: [%(words)s], %(place)s") % {
            "side": bracket.side,
            "words": bracket.in_brief,
            "place": where,
        }
        yield _suggestion(bracket.public_id, title, links.bracket(bracket))


def _views(group: ThematicGroup) -> Iterator[Suggestion]:
    replies = Passage.objects.tabled_ones().filter(answers=OuterRef("pk"))
    wished = NoReply.objects.standing().filter(view=OuterRef("pk"), point=None)
    found = Passage.objects.tabled_ones().filter(
        ~Exists(replies), ~Exists(wished), voice=Voice.VIEW, **_drafted("", group)
    )
    for view in found.select_related("side", "section__document").order_by("tabled_at", "pk")[:MOST]:
        title = _("View of %(side)s without a reply, %(place)s") % {"side": view.side, "place": _place(view)}
        yield _suggestion(view.public_id, title, links.passage(view))


def _comments(group: ThematicGroup) -> Iterator[Suggestion]:
    found = Thread.objects.queue_for(None).filter(passage__tabled__isnull=False, **_drafted("passage__", group))
    for thread in found.select_related("passage__section__document")[:MOST]:
        title = _("Comment (%(kind)s), %(place)s") % {
            "kind": thread.get_kind_display(),
            "place": _place(thread.passage),
        }
        yield _suggestion(thread.public_id, title, links.thread(thread))


def _drafted(path: str, group: ThematicGroup) -> dict[str, object]:
    """Present passages of the group's texts that are still written."""
    return {
        f"{path}dropped_at": None,
        f"{path}section__dropped_at": None,
        f"{path}section__document__group": group,
        f"{path}section__document__state": DocumentState.DRAFTING,
    }


def _place(passage: Passage) -> str:
    return f"{passage.section.document} · {passage.section.title}"


def _suggestion(key: str, title: str, page: str) -> Suggestion:
    # A bar would part the line where agendas are typed.
    return Suggestion(key, Truncator(" ".join(title.replace("|", "/").split())).chars(LONGEST_TITLE), page)


def chosen(sorts: Iterable[Sort], keys: Iterable[str]) -> list[Point]:
    wanted = set(keys)
    return [each.point() for sort in sorts for each in sort.suggestions if each.key in wanted]
