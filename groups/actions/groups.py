"""Founding groups and keeping their work plans."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from groups.models import GroupKind, Milestone, ThematicGroup
from groups.notices import plan_moved
from parley.access.submissions import once
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import page_changed
from parley.programmes.models import Programme


class NameTaken(Exception):
    """Another group of the programme has this name."""


class SecondConference(Exception):
    """A programme has one co-chairs' conference."""


@transaction.atomic
def found_group(
    *, programme: Programme, name: str, kind: str = GroupKind.THEMATIC, purpose: str = "", by: User
) -> ThematicGroup:
    """Raises NameTaken, and SecondConference: a programme has one co-chairs' conference."""
    try:
        with transaction.atomic():
            group = ThematicGroup.objects.create(programme=programme, name=name, kind=kind, purpose=purpose)
    except IntegrityError as error:
        conference = kind == GroupKind.CONFERENCE and programme.groups.filter(kind=kind).exists()
        raise (SecondConference if conference else NameTaken) from error
    record("group.founded", chain=group.chain, by=by, facts={"group": group.public_id, "kind": str(kind)})
    return group


@transaction.atomic
def change_group(group: ThematicGroup, *, name: str, purpose: str, by: User) -> None:
    """Raises NameTaken."""
    group.name, group.purpose = name, purpose
    try:
        with transaction.atomic():
            group.save(update_fields=["name", "purpose"])
    except IntegrityError as error:
        raise NameTaken from error
    record("group.changed", chain=group.chain, by=by, facts={"group": group.public_id})
    page_changed(group.topic())


@once(Milestone)
@transaction.atomic
def add_milestone(
    *,
    group: ThematicGroup,
    title: str,
    due: dt.date,
    responsible: str = "",
    submission: str | None = None,
    by: User,
) -> Milestone:
    """A line of the work plan; AlreadySubmitted for a form sent twice."""
    milestone = Milestone.objects.create(
        group=group, title=title, due=due, responsible=responsible, submission=submission
    )
    _recorded("group.milestone_added", milestone, by)
    return milestone


@transaction.atomic
def change_milestone(milestone: Milestone, *, title: str, due: dt.date, responsible: str, by: User) -> None:
    """A day that moves is told to everybody in the group."""
    was = Milestone.objects.select_for_update().get(pk=milestone.pk).due
    milestone.title, milestone.due, milestone.responsible = title, due, responsible
    milestone.save(update_fields=["title", "due", "responsible"])
    _recorded("group.milestone_changed", milestone, by)
    if due != was:
        plan_moved.announce(milestone, by=by, facts={"was": was.isoformat()})


@transaction.atomic
def complete_milestone(milestone: Milestone, *, done: bool, by: User) -> None:
    milestone.done_at = timezone.now() if done else None
    milestone.save(update_fields=["done_at"])
    _recorded("group.milestone_done" if done else "group.milestone_reopened", milestone, by)


@transaction.atomic
def remove_milestone(milestone: Milestone, *, by: User) -> None:
    _recorded("group.milestone_removed", milestone, by)
    milestone.delete()


def _recorded(kind: str, milestone: Milestone, by: User) -> None:
    facts = {"milestone": milestone.public_id, "due": milestone.due.isoformat()}
    record(kind, chain=milestone.group.chain, by=by, facts=facts)
    page_changed(milestone.group.topic())
