"""Programme-wide motions: precedence and safe mail, under the keys of the co-chairs' conference or of all groups.

Each group concerned gets a motion of its own over the same words; the last consent brings the change into force.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.models import Consent, Motion, Style, StyleChange, Term
from groups.models.style import OFF, ON, SWITCHES, style_of
from groups.motions import MayNotBeMoved, MotionKind, all_sides, register
from groups.notices import style_changed
from groups.standing import Standing, read_standings
from groups.style import bodies_of, explain_change, outcome_words, page_of, title_of
from parley.access import new_id
from parley.accounts.models import User
from parley.audit import record
from parley.audit.canonical import sha256
from parley.programmes.models import Programme

from .glossary import must_fit_the_glossary, set_term, term_hash
from .keys import AlreadyProposed, NotAKeyHolder, propose, withdraw_motion


class NothingToChange(Exception):
    """It is so already, or nobody is there to be asked."""


def lock_consent(public_id: str) -> Consent:
    """The programme's row first: the last keys of two groups are turned one after the other."""
    consent = Consent.objects.select_related("change", "group__programme").get(public_id=public_id)
    Programme.objects.select_for_update().get(pk=consent.group.programme_id)
    consent.change = StyleChange.objects.select_related("programme").get(pk=consent.change_id)
    return consent


def find_consent(public_id: str) -> Consent | None:
    return Consent.objects.select_related("change__programme", "group__programme").filter(public_id=public_id).first()


def change_hash(consent: Consent, facts: dict[str, Any]) -> str:
    """Of what changes from what to what, for which group."""
    change = consent.change
    if change.is_of_a_term:
        return term_hash(consent)
    return sha256(
        {
            "programme": change.programme.public_id,
            "group": consent.group.public_id,
            "what": change.what,
            "from": style_of(change.programme, change.what),
            "to": change.after,
        }
    )


def must_be_open(consent: Consent, facts: dict[str, Any]) -> None:
    if consent.change.state != StyleChange.State.OPEN:
        raise MayNotBeMoved(_("This change of the programme was carried or withdrawn meanwhile."))
    if consent.change.is_of_a_term:
        must_fit_the_glossary(consent.change)


def give_consent(consent: Consent, *, motion: Motion, by: User) -> None:
    consent.given_at = timezone.now()
    consent.save(update_fields=["given_at"])
    change = consent.change
    given = set(change.consents.exclude(given_at=None).values_list("group", flat=True))
    if {body.pk for body in bodies_of(change.programme)} <= given:
        _bring_into_force(change, by)


def _bring_into_force(change: StyleChange, by: User) -> None:
    if change.is_of_a_term:
        set_term(change)
    else:
        set_style(change.programme, change.what, change.after)
    _close(change, StyleChange.State.CARRIED)
    _withdraw_open_motions(change, by)
    _record("programme.style_changed", change, by)
    style_changed.announce(change, by=by)


def set_style(programme: Programme, what: str, value: str) -> None:
    field, held = ("precedence", value) if what == Style.PRECEDENCE else (SWITCHES[what], value == ON)
    setattr(programme, field, held)
    programme.save(update_fields=[field])


def _style_kind(what: str, words: Any) -> MotionKind:
    return register(
        MotionKind(
            name=f"programme.{what}",
            words=words,
            lock=lock_consent,
            find=find_consent,
            group=lambda consent: consent.group,
            sha256=change_hash,
            sides=lambda consent: all_sides(consent.group),
            carry=give_consent,
            check=must_be_open,
            # Asked once for the whole programme, by the verbs below.
            may_propose=lambda standing, consent: True,
            url=page_of,
            title=title_of,
            explain=explain_change,
            outcome=outcome_words,
        )
    )


KINDS = {
    Style.PRECEDENCE: _style_kind("precedence", gettext_lazy("Change which side is named first")),
    Style.SAFE_MAIL: _style_kind("safe_mail", gettext_lazy("Change safe mail")),
    Style.REGISTER: _style_kind("register", gettext_lazy("Open the register of recommendations to everybody")),
    Style.GLOSSARY: _style_kind("glossary", gettext_lazy("Change the glossary")),
}


@transaction.atomic
def propose_style(*, programme: Programme, what: str, after: str, by: User) -> StyleChange:
    """Put the change to every group concerned. Raises NotAKeyHolder, NothingToChange, AlreadyProposed."""
    programme = _locked(programme, by)
    before = style_of(programme, what)
    if before == after or not bodies_of(programme):
        raise NothingToChange
    change = StyleChange(programme=programme, what=what, before=before, after=after, proposed_by=by)
    return _put_to_all(change, by)


@transaction.atomic
def propose_term(*, programme: Programme, term: Term | None, contents: dict[str, Any] | None, by: User) -> StyleChange:
    """A new term, other words for an agreed one or, without contents, its end.

    Raises NotAKeyHolder, NothingToChange, AlreadyProposed, MayNotBeMoved where the name is taken.
    """
    programme = _locked(programme, by)
    before = term.contents if term else None
    if before == contents or not bodies_of(programme):
        raise NothingToChange
    change = StyleChange(
        programme=programme,
        what=Style.GLOSSARY,
        after="retire" if contents is None else "change" if term else "add",
        about=term.public_id if term else new_id(),
        facts={"before": before, "after": contents},
        proposed_by=by,
    )
    must_fit_the_glossary(change)
    return _put_to_all(change, by)


def _put_to_all(change: StyleChange, by: User) -> StyleChange:
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError as error:
        raise AlreadyProposed from error
    _record("programme.style_proposed", change, by)
    _ask(change, by)
    return change


@transaction.atomic
def ask_again(change: StyleChange, *, by: User) -> None:
    """Those groups that were founded since, or whose proposal lapsed with a key holder; others keep their keys."""
    _locked(change.programme, by)
    change = StyleChange.objects.select_related("programme").get(pk=change.pk)
    if change.state == StyleChange.State.OPEN:
        _ask(change, by)


def _ask(change: StyleChange, by: User) -> None:
    for group in bodies_of(change.programme):
        consent, _new = Consent.objects.get_or_create(change=change, group=group)
        if consent.given_at is None and not Motion.objects.open().on(consent.public_id).exists():
            propose(KINDS[Style(change.what)].name, consent.public_id, sha256=change_hash(consent, {}), by=by)


@transaction.atomic
def withdraw_style(change: StyleChange, *, by: User) -> None:
    """Any key holder of the programme, a facilitator or the proposer: nothing has changed yet."""
    _locked(change.programme, by)
    change = StyleChange.objects.get(pk=change.pk)
    if change.state != StyleChange.State.OPEN:
        return
    _close(change, StyleChange.State.WITHDRAWN)
    _withdraw_open_motions(change, by)
    _record("programme.style_withdrawn", change, by)


@transaction.atomic
def turn_safe_mail_on(programme: Programme, *, by: User) -> None:
    """To say less in mails takes one person, as undoing does; to say more takes every key."""
    programme = _locked(programme, by)
    if programme.safe_mail:
        return
    set_style(programme, Style.SAFE_MAIL, ON)
    record("programme.safe_mail_on", chain=programme.chain, by=by)


@transaction.atomic
def close_register(programme: Programme, *, by: User) -> None:
    """The public page of the register goes at once, by one person; to open it again takes every key."""
    programme = _locked(programme, by)
    if not programme.public_register:
        return
    set_style(programme, Style.REGISTER, OFF)
    record("programme.register_closed", chain=programme.chain, by=by)


def _withdraw_open_motions(change: StyleChange, by: User) -> None:
    targets = change.consents.values("public_id")
    for motion in Motion.objects.open().filter(target_id__in=targets).select_related("group"):
        withdraw_motion(motion, by=by)


def _locked(programme: Programme, by: User) -> Programme:
    """Raises NotAKeyHolder for all but facilitators of the programme and those who hold a key in it."""
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    found = read_standings(by)
    held = any(_holds_key_in(programme, standing) for standing in found.by_group.values())
    if not held and programme.pk not in found.programmes:
        raise NotAKeyHolder
    return programme


def _holds_key_in(programme: Programme, standing: Standing) -> bool:
    seat = standing.membership
    return standing.holds_key and seat is not None and seat.group.programme_id == programme.pk


def _close(change: StyleChange, state: str) -> None:
    change.state, change.closed_at = state, timezone.now()
    change.save(update_fields=["state", "closed_at"])


def _record(kind: str, change: StyleChange, by: User) -> None:
    facts = {"change": change.public_id, "what": change.what, "from": change.before, "to": change.after}
    facts |= {"term": change.about} if change.about else {}
    record(kind, chain=change.programme.chain, by=by, facts=facts)
