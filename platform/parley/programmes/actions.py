"""What changes a programme. Each verb records what was done in the programme's chain."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from parley.access.submissions import once
from parley.accounts.epochs import raise_epoch
from parley.accounts.models import User
from parley.accounts.people import let_in, person_for
from parley.audit import record
from parley.notifications import remind

from .models import (
    Facilitator,
    GroundRules,
    GroundRulesAcceptance,
    HostOrganisation,
    Participant,
    Phase,
    PostalAddress,
    Precedence,
    Programme,
    Side,
)
from .notices import ground_rules_published

# Upper layers do what follows from it.
FACILITATOR_ENDED = "programmes.facilitator_ended"


@dataclass(frozen=True)
class SideToBe:
    """A side as somebody types it: name (Armenia), demonym (Armenian), short code (ARM)."""

    name: str
    demonym: str
    code: str


@dataclass(frozen=True)
class PhaseToBe:
    name: str
    starts: dt.date
    ends: dt.date
    aims: str = ""


@dataclass(frozen=True)
class HostToBe:
    """The host as it is printed; `addresses` are pairs of a label and the lines of a postal address."""

    name: str
    website: str = ""
    email: str = ""
    about: str = ""
    funder: str = ""
    addresses: Sequence[tuple[str, str]] = ()


class OnAnotherSide(Exception):
    """The person is already on another side of this programme, or on none of them."""


class TooFewSides(Exception):
    """A dialogue takes two sides at least."""


class LastFacilitator(Exception):
    """A programme is never without a facilitator: appoint another one first."""


@transaction.atomic
def let_start_programmes(*, email: str, name: str = "", by: User | None) -> User:
    """The person with this address, let in and allowed to start programmes; safe to repeat."""
    person = person_for(email)
    let_in(person)
    if person.may_start_programmes and (person.name or not name):
        return person
    person.may_start_programmes, person.name = True, person.name or name
    person.save(update_fields=["may_start_programmes", "name"])
    raise_epoch(person)
    record("programme.starter_named", chain="site", by=by, facts={"person": person.public_id})
    return person


@once(Programme)
@transaction.atomic
def start_programme(
    *,
    host: HostOrganisation | HostToBe,
    name: str,
    sides: Sequence[SideToBe],
    language: str = "en",
    precedence: str = Precedence.ALPHABETICAL,
    phases: Sequence[PhaseToBe] = (),
    ground_rules: str = "",
    submission: str | None = None,
    by: User,
) -> Programme:
    """A programme with its sides; whoever starts it facilitates it. AlreadySubmitted for a form sent twice."""
    if len(sides) < 2:
        raise TooFewSides
    programme = Programme.objects.create(
        host=host if isinstance(host, HostOrganisation) else _host(host),
        name=name,
        language=language,
        precedence=precedence,
        submission=submission,
    )
    Side.objects.bulk_create(
        Side(programme=programme, name=s.name, demonym=s.demonym, code=s.code, colour=n, position=n)
        for n, s in enumerate(sides, 1)
    )
    Phase.objects.bulk_create(Phase(programme=programme, **vars(phase)) for phase in phases)
    record("programme.started", chain=programme.chain, by=by, facts={"sides": [s.code for s in sides]})
    appoint_facilitator(programme=programme, person=by, by=by)
    if ground_rules:
        publish_ground_rules(programme=programme, text=ground_rules, by=by)
    return programme


def _host(details: HostToBe) -> HostOrganisation:
    host = HostOrganisation.objects.create(
        name=details.name, website=details.website, email=details.email, about=details.about, funder=details.funder
    )
    _place_addresses(host, details)
    return host


def _place_addresses(host: HostOrganisation, details: HostToBe) -> None:
    PostalAddress.objects.bulk_create(
        PostalAddress(host=host, label=label, lines=lines, position=position)
        for position, (label, lines) in enumerate(details.addresses, 1)
    )


@transaction.atomic
def change_host(*, programme: Programme, details: HostToBe, by: User) -> None:
    """What is printed from now on; final texts keep the words they were frozen with."""
    host = HostOrganisation.objects.select_for_update().get(pk=programme.host_id)
    host.name, host.website, host.email = details.name, details.website, details.email
    host.about, host.funder = details.about, details.funder
    host.save()
    host.addresses.all().delete()
    _place_addresses(host, details)
    record("programme.host_changed", chain=programme.chain, by=by, facts={"host": host.public_id})


@transaction.atomic
def change_programme(programme: Programme, *, name: str, language: str, by: User) -> None:
    programme.name, programme.language = name, language
    programme.save(update_fields=["name", "language"])
    record("programme.changed", chain=programme.chain, by=by, facts={"language": language})


@once(Phase)
@transaction.atomic
def add_phase(*, programme: Programme, phase: PhaseToBe, submission: str | None = None, by: User) -> Phase:
    made = Phase.objects.create(programme=programme, submission=submission, **vars(phase))
    record("programme.phase_added", chain=programme.chain, by=by, facts={"phase": made.public_id})
    return made


@transaction.atomic
def change_phase(phase: Phase, *, details: PhaseToBe, by: User) -> None:
    phase.name, phase.starts, phase.ends, phase.aims = details.name, details.starts, details.ends, details.aims
    phase.save(update_fields=["name", "starts", "ends", "aims"])
    record("programme.phase_changed", chain=phase.programme.chain, by=by, facts={"phase": phase.public_id})


@transaction.atomic
def remove_phase(phase: Phase, *, by: User) -> None:
    record("programme.phase_removed", chain=phase.programme.chain, by=by, facts={"phase": phase.public_id})
    phase.delete()


@transaction.atomic
def appoint_facilitator(*, programme: Programme, person: User, by: User) -> Facilitator:
    """Somebody on no side of the programme; `OnAnotherSide` otherwise: a facilitator never holds a key."""
    take_part(programme=programme, person=person, side=None)
    facilitator, made = Facilitator.objects.get_or_create(programme=programme, person=person, until=None)
    if made:
        raise_epoch(person)
        record("programme.facilitator_appointed", chain=programme.chain, by=by, facts={"person": person.public_id})
    return facilitator


@transaction.atomic
def end_facilitator(facilitator: Facilitator, *, by: User) -> None:
    """Their access ends with this commit. Raises LastFacilitator."""
    programme = Programme.objects.select_for_update().get(pk=facilitator.programme_id)
    acting = programme.facilitators.acting()
    if not acting.filter(pk=facilitator.pk).exists():
        return
    if acting.count() == 1:
        raise LastFacilitator
    facilitator.until = timezone.now()
    facilitator.save(update_fields=["until"])
    raise_epoch(facilitator.person)
    remind(FACILITATOR_ENDED, facilitator.public_id, at=timezone.now())
    facts = {"person": facilitator.person.public_id}
    record("programme.facilitator_ended", chain=programme.chain, by=by, facts=facts)


@once(GroundRules)
@transaction.atomic
def publish_ground_rules(*, programme: Programme, text: str, submission: str | None = None, by: User) -> GroundRules:
    """The next version; everybody is shown it again."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    latest = programme.ground_rules.first()
    version = latest.version + 1 if latest else 1
    rules = GroundRules.objects.create(
        programme=programme, version=version, text=text, made_by=by, submission=submission
    )
    record("programme.ground_rules", chain=programme.chain, by=by, facts={"version": rules.version})
    if latest:
        ground_rules_published.settle(latest)
    ground_rules_published.announce(rules, by=by)
    return rules


@transaction.atomic
def accept_ground_rules(rules: GroundRules, *, by: User) -> None:
    _acceptance, made = GroundRulesAcceptance.objects.get_or_create(rules=rules, person=by)
    if made:
        record(
            "programme.ground_rules_accepted",
            chain=rules.programme.chain,
            by=by,
            facts={"version": rules.version, "person": by.public_id},
        )
        ground_rules_published.settle(rules, reader=by)


@transaction.atomic
def take_part(*, programme: Programme, person: User, side: Side | None) -> Participant:
    """The person's one place in the programme; `OnAnotherSide` when it is another one."""
    participant, _made = Participant.objects.get_or_create(programme=programme, person=person, defaults={"side": side})
    if participant.side_id != (side.pk if side else None):
        raise OnAnotherSide
    return participant
