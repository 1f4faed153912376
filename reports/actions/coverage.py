"""Views and their answers: marking points, naming the points that a reply answers, and “no reply wished”."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from groups.actions.keys import NotAKeyHolder, TextHasChanged
from groups.standing import Standing, standing_now
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import page_changed
from reports.locks import locked_draft, locked_passage
from reports.models import Document, NoReply, Passage, Point, PointAnswer, Voice
from reports.models.coverage import NoReplyQuerySet
from reports.notices_coverage import no_reply_stated
from reports.text.places import Place


class NotAView(Exception):
    """Only a tabled view that still stands in the text is answered, and only by another side."""


class AlreadyAnswered(Exception):
    """The side has replied, or has stated already that it wishes no reply."""


# ---- no reply wished ---------------------------------------------------------------------------------------------


@transaction.atomic
def state_no_reply(view: Passage, *, point: Point | None = None, sha256: str, by: User) -> NoReply:
    """Said for a side by its key holder, about exactly the words with this hash; seen by all sides.

    Raises NotAKeyHolder, NotAView, TextHasChanged, AlreadyAnswered, NotDrafted.
    """
    document, view, here = _opened(view, by)
    if not here.holds_key or here.side is None:
        raise NotAKeyHolder
    if not _is_answered_by(view, here):
        raise NotAView
    if point is not None and not view.points.present().filter(pk=point.pk).exists():
        raise NotAView
    if view.tabled is None or view.tabled.sha256 != sha256:
        raise TextHasChanged
    if _has_replied(view, point, here):
        raise AlreadyAnswered
    stated = NoReply(view=view, point=point, side=here.side, revision=view.tabled, stated_by=by)
    try:
        with transaction.atomic():
            stated.save()
    except IntegrityError as error:
        raise AlreadyAnswered from error
    _told(document, "view.no_reply_stated", stated, by)
    no_reply_stated.announce(stated, by=by)
    return stated


@transaction.atomic
def take_back_no_reply(stated: NoReply, *, by: User) -> None:
    """By the side's key holder: the view waits for its reply again. Ended already: nothing more happens."""
    document, _view, here = _opened(stated.view, by)
    if not (here.holds_key and here.is_of(stated.side)):
        raise NotAKeyHolder
    _end(document, NoReply.objects.filter(pk=stated.pk), NoReply.Outcome.TAKEN_BACK, by)


def answered_by(document: Document, reply: Passage, *, by: User) -> None:
    """A reply lies before all sides: what its side stated about the view, or about points that it names, has ended.

    The caller holds the document's lock.
    """
    named = reply.answered_points.values("point")
    stated = NoReply.objects.filter(view=reply.answers_id, side=reply.side_id)
    _end(document, stated.filter(point=None) | stated.filter(point__in=named), NoReply.Outcome.ANSWERED, by)


def _end(document: Document, stated: NoReplyQuerySet, outcome: NoReply.Outcome, by: User) -> None:
    for one in stated.standing().select_related("side", "view", "point"):
        one.outcome, one.ended_at, one.ended_by = outcome, timezone.now(), by
        one.save(update_fields=["outcome", "ended_at", "ended_by"])
        _told(document, "view.no_reply_ended", one, by)


def _has_replied(view: Passage, point: Point | None, here: Standing) -> bool:
    """Before all sides: what lies in its caucus is no answer yet."""
    replies = view.replies.tabled_ones().filter(side=here.side)
    return (replies if point is None else replies.filter(answered_points__point=point)).exists()


def _is_answered_by(view: Passage, here: Standing) -> bool:
    return view.voice == Voice.VIEW and view.is_tabled and view.dropped_at is None and not here.is_of(view.side)


def _told(document: Document, kind: str, stated: NoReply, by: User) -> None:
    facts = {
        "document": document.public_id,
        "passage": stated.view.public_id,
        "side": stated.side.public_id,
        "point": stated.point.public_id if stated.point else "",
        "outcome": stated.outcome,
    }
    record(kind, chain=document.group.chain, by=by, facts=facts)
    page_changed(document.topic())


# ---- points -------------------------------------------------------------------------------------------------------


@transaction.atomic
def mark_points(view: Passage, *, drop: Sequence[str], places: Sequence[Place], sha256: str, by: User) -> None:
    """`places` in the tabled words of a view become points of it; those of `drop` (public ids) are none any more.

    By the members of its own side. What answered a point is kept with it. Raises NotAView, TextHasChanged (another text
    than the one with this hash), NotDrafted.
    """
    document, view, here = _opened(view, by)
    if view.voice != Voice.VIEW or view.tabled is None or view.dropped_at or not here.is_of(view.side):
        raise NotAView
    if view.tabled.sha256 != sha256:
        raise TextHasChanged
    view.points.present().filter(public_id__in=drop).update(dropped_at=timezone.now())
    held = set(view.points.present().filter(revision=view.tabled).values_list("start", flat=True))
    Point.objects.bulk_create(
        Point(view=view, revision=view.tabled, start=place.start, end=place.end, marked_by=by)
        for place in places
        if place.start not in held
    )
    marked = sorted(view.points.present().values_list("public_id", flat=True))
    facts = {"document": document.public_id, "passage": view.public_id, "points": marked}
    record("view.points_marked", chain=document.group.chain, by=by, facts=facts)
    page_changed(document.topic())


@transaction.atomic
def name_points(reply: Passage, *, add: Sequence[str], drop: Sequence[str], by: User) -> None:
    """The reply answers the points of `add`, and those of `drop` no more (public ids); by the members of its side.

    Of a reply in caucus only its own side learns it. Raises NotAView, NotDrafted.
    """
    document, reply, here = _opened(reply, by)
    if reply.voice != Voice.REPLY or reply.dropped_at or not here.is_of(reply.side):
        raise NotAView
    reply.answered_points.filter(point__public_id__in=drop).delete()
    held = reply.answered_points.values("point")
    wanted = Point.objects.present().filter(view=reply.answers_id, public_id__in=add).exclude(pk__in=held)
    PointAnswer.objects.bulk_create([PointAnswer(point=point, reply=reply, named_by=by) for point in wanted])
    _told_of_naming(document, reply, by)
    if reply.is_tabled:
        answered_by(document, reply, by=by)


def _told_of_naming(document: Document, reply: Passage, by: User) -> None:
    named = sorted(reply.answered_points.values_list("point__public_id", flat=True))
    facts = {"document": document.public_id, "passage": reply.public_id, "points": named}
    side = None if reply.is_tabled else reply.side
    chain = document.group.caucus_chain(side) if side else document.group.chain
    record("reply.points_named", chain=chain, by=by, facts=facts)
    page_changed(document.topic(side))


def _opened(passage: Passage, by: User) -> tuple[Document, Passage, Standing]:
    """Locked, while it is drafted, with what the person is in its group now."""
    document = locked_draft(passage.section.document)
    passage = locked_passage(passage)
    return document, passage, standing_now(by, document.group)
