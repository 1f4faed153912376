"""For facilitators: who is late in their groups, and whom no mail reaches. A source asks once for all groups."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groups.models import Invitation, Membership, Milestone
from meetings.answers import silent_by_meeting
from meetings.models import Meeting, Poll
from meetings.tallies import silent_by_poll
from parley.notifications.models import Delivery, DeliveryState
from parley.programmes.models import Programme
from reports.models import DocumentState, FinalText, Signatory

MOST = 10
NAMED = 6
# Only mails that go to all sides alike say that an address is dead: another one's existence could tell of a caucus.
TOLD_TO_ALL = (
    "groups.seat_opened",
    "meetings.announced",
    "meetings.moved",
    "meetings.poll_opened",
    "reports.draft_released",
    "reports.frozen",
    "reports.published",
    "reports.silence_announced",
    "reports.to_sign",
)


@dataclass(frozen=True)
class Late:
    """What waits, in which group, on whom (names, never addresses), and in a word how."""

    what: str
    where: str
    url: str
    word: str
    who: str = ""


def late_in(programmes: Iterable[int]) -> list[Late]:
    """By programmes' keys; nothing is asked for somebody who facilitates none."""
    facilitated = list(programmes)
    return [late for source in SOURCES for late in source(facilitated)] if facilitated else []


def _names(people: list[str]) -> str:
    shown = ", ".join(people[:NAMED])
    more = len(people) - NAMED
    return shown if more <= 0 else _("%(names)s and %(count)d more") % {"names": shown, "count": more}


def work_plan(programmes: list[int]) -> Iterable[Late]:
    """Lines whose day has passed and that are not reached."""
    passed = Milestone.objects.filter(group__programme__in=programmes, done_at=None, due__lt=timezone.localdate())
    for line in passed.select_related("group").order_by("due", "pk")[:MOST]:
        url = reverse("group", kwargs={"group": line.group.public_id}) + "#plan"
        yield Late(line.title, line.group.name, url, _("Late"), line.responsible)


def signatures(programmes: list[int]) -> Iterable[Late]:
    """Texts that are open for signature, and who has not answered."""
    open_texts = FinalText.objects.standing().filter(
        document__group__programme__in=programmes, document__state=DocumentState.SIGNING
    )
    awaited = (
        Signatory.objects.awaited().filter(final_text__in=open_texts).select_related("final_text__document__group")
    )
    waiting: dict[FinalText, list[str]] = defaultdict(list)
    for signatory in awaited.order_by("final_text", "position"):
        waiting[signatory.final_text].append(signatory.name)
    for text, people in list(waiting.items())[:MOST]:
        url = reverse("sign", kwargs={"document": text.document.public_id}) + "#who-has-acted"
        word = ngettext("%(count)d answer missing", "%(count)d answers missing", len(people)) % {"count": len(people)}
        yield Late(text.document.title, text.document.group.name, url, word, _names(people))


def meetings(programmes: list[int]) -> Iterable[Late]:
    """Meetings to come, and who has not said whether they come: two questions for all of them."""
    coming = (
        Meeting.objects.announced()
        .filter(group__programme__in=programmes)
        .upcoming()
        .not_cancelled()
        .select_related("group")
    )
    for meeting, people in silent_by_meeting(list(coming[:MOST])):
        word = ngettext("%(count)d answer missing", "%(count)d answers missing", len(people)) % {"count": len(people)}
        url = reverse("meeting", kwargs={"meeting": meeting.public_id}) + "#who-comes"
        yield Late(meeting.title, meeting.group.name, url, word, _names([str(person) for person in people]))


def polls(programmes: list[int]) -> Iterable[Late]:
    """Date polls that are open, and who has not answered."""
    open_ones = Poll.objects.open().filter(group__programme__in=programmes).select_related("group")
    for poll, people in silent_by_poll(list(open_ones.order_by("deadline", "pk")[:MOST])):
        word = ngettext("%(count)d answer missing", "%(count)d answers missing", len(people)) % {"count": len(people)}
        url = reverse("poll", kwargs={"poll": poll.public_id})
        yield Late(poll.title, poll.group.name, url, word, _names([str(person) for person in people]))


def invitations(programmes: list[int]) -> Iterable[Late]:
    """Invitations that ran out without an answer, counted by programme: the list has their addresses."""
    over = Invitation.objects.waiting().filter(programme__in=programmes, expires_at__lte=timezone.now())
    counted: dict[Programme, int] = defaultdict(int)
    for invitation in over.select_related("programme").order_by("programme__name"):
        counted[invitation.programme] += 1
    for programme, count in counted.items():
        what = ngettext("%(count)d invitation has run out", "%(count)d invitations have run out", count)
        url = reverse("invitations", kwargs={"programme": programme.public_id})
        yield Late(what % {"count": count}, programme.name, url, _("No answer"))


def mails(programmes: list[int]) -> Iterable[Late]:
    """People whom a mail did not reach after every try: ask them for another address."""
    seated = Membership.objects.acting().filter(group__programme__in=programmes).select_related("group", "person")
    failed = Delivery.objects.filter(state=DeliveryState.DEAD, reader=OuterRef("person"), kind__in=TOLD_TO_ALL)
    for seat in seated.filter(Exists(failed)).order_by("group__name", "person__name", "pk")[:MOST]:
        url = reverse("seat", kwargs={"membership": seat.public_id})
        yield Late(_("No mail reaches %s") % seat.printed_name, seat.group.name, url, _("Mail failed"))
    invited = Invitation.objects.waiting().filter(programme__in=programmes)
    lost = Delivery.objects.filter(state=DeliveryState.DEAD, to__iexact=OuterRef("email"))
    for invitation in invited.filter(Exists(lost)).select_related("programme", "group").order_by("pk")[:MOST]:
        url = reverse("invitations", kwargs={"programme": invitation.programme.public_id})
        where = invitation.group.name if invitation.group else invitation.programme.name
        yield Late(_("An invitation could not be delivered"), where, url, _("Mail failed"), invitation.name)


SOURCES: tuple[Callable[[list[int]], Iterable[Late]], ...] = (
    work_plan,
    signatures,
    polls,
    meetings,
    invitations,
    mails,
)
