"""Initial, sign, reserve, decline: who may, in which order, until when, and what each of it does."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from groups.actions import end_membership
from groups.actions.keys import TextHasChanged
from parley.accounts.models import ProofRefused
from parley.audit import entries
from parley.notifications.due import run_due
from parley.notifications.models import Notice
from reports.actions import signing
from reports.models import Act, DocumentState, FinalText, Reservation
from reports.signatures import matrix_of

from .hands import (
    decline,
    freeze,
    initial,
    open_for_signature,
    proof,
    reserve,
    sign,
    sign_all,
    signed_text,
    standing_text,
    state_of,
    unfreeze,
)

pytestmark = pytest.mark.django_db


def told(kind, *people):
    """Whose bell rang with this kind."""
    return set(Notice.objects.filter(kind=kind).values_list("reader__email", flat=True))


def in_an_hour():
    return timezone.now() + timedelta(hours=1)


# ---- initials --------------------------------------------------------------------------------------------------


def test_the_text_opens_for_signature_with_the_last_sides_initials(made):
    text = freeze(made)

    initial(text, made.co_chair_a)
    after_one = state_of(made)
    initial(text, made.co_chair_b)

    assert after_one == DocumentState.FROZEN
    assert state_of(made) == DocumentState.SIGNING
    assert told("reports.to_sign") == {s.person.email for s in text.signatories.all()} - {made.co_chair_b.email}


def test_a_member_without_a_key_does_not_initial(made):
    text = freeze(made)

    with pytest.raises(signing.NotASignatory):
        initial(text, made.member_a)


def test_a_deputy_initials_for_the_side_whose_co_chair_does_not(made):
    text = freeze(made)

    initial(text, made.deputy_a)
    initial(text, made.co_chair_b)

    assert state_of(made) == DocumentState.SIGNING


def test_nobody_initials_twice(made):
    text = freeze(made)
    initial(text, made.co_chair_a)

    with pytest.raises(signing.AlreadyDone):
        initial(text, made.co_chair_a)


def test_the_database_knows_one_set_of_initials_and_one_answer_of_each(made):
    text = signed_text(made)
    act = Act.objects.filter(kind=Act.Kind.SIGN).first()

    for kind in (Act.Kind.SIGN, Act.Kind.DECLINE, Act.Kind.RESERVE):
        with pytest.raises(IntegrityError), transaction.atomic():
            Act.objects.create(signatory=act.signatory, kind=kind, sha256=text.sha256, method="totp", reason="x")


def test_after_the_hour_of_closing_nobody_initials_any_more(made):
    text = freeze(made, signing_ends_at=in_an_hour())
    type(made.document).objects.filter(pk=made.document.pk).update(signing_ends_at=timezone.now())

    with pytest.raises(signing.NotOpenForThis):
        initial(text, made.co_chair_a)


# ---- signing ---------------------------------------------------------------------------------------------------


def test_a_signature_names_the_hash_and_how_it_was_proved(made):
    text = open_for_signature(made)

    act = sign(text, made.member_a)

    assert (act.kind, act.sha256, act.method, act.signatory.name) == ("sign", text.sha256, "totp", "Member A")


def test_a_signature_over_an_old_hash_is_refused(made):
    old = open_for_signature(made)
    unfreeze(made)
    type(made.document).objects.filter(pk=made.document.pk).update(title="Another title")
    new = open_for_signature(made)

    assert new.sha256 != old.sha256
    with pytest.raises(TextHasChanged):
        sign(old, made.member_a)
    with pytest.raises(TextHasChanged):
        signing.sign(new, sha256=old.sha256, proof=proof(made.member_a, "sign", old), by=made.member_a)
    assert not Act.objects.filter(kind__in=Act.ANSWERS).exists()


def test_a_proof_over_another_text_or_for_another_act_signs_nothing(made):
    text = open_for_signature(made)
    for_initials = proof(made.member_a, "initial", text)
    of_somebody_else = proof(made.member_b, "sign", text)

    for wrong in (for_initials, of_somebody_else):
        with pytest.raises(ProofRefused):
            signing.sign(text, sha256=text.sha256, proof=wrong, by=made.member_a)
    assert not Act.objects.filter(kind__in=Act.ANSWERS).exists()


def test_one_proof_is_good_for_one_act(made):
    text = open_for_signature(made)
    once = proof(made.member_a, "sign", text)
    signing.sign(text, sha256=text.sha256, proof=once, by=made.member_a)
    Act.objects.filter(kind=Act.Kind.SIGN).delete()

    with pytest.raises(ProofRefused):
        signing.sign(text, sha256=text.sha256, proof=once, by=made.member_a)


def test_who_signs_was_fixed_at_the_freeze(made):
    text = open_for_signature(made)

    for stranger in (made.facilitator, made.observer, made.outsider, made.ex_member_a):
        with pytest.raises(signing.NotASignatory):
            sign(text, stranger)


def test_an_answer_is_given_once(made):
    text = open_for_signature(made)
    decline(text, made.member_a)

    with pytest.raises(signing.AlreadyDone):
        sign(text, made.member_a)


def test_nobody_signs_before_the_initials(made):
    text = freeze(made)

    with pytest.raises(signing.NotOpenForThis):
        sign(text, made.member_a)


def test_in_order_means_after_those_who_are_printed_before(made):
    text = open_for_signature(made, sign_in_order=True)
    order = [signatory.person for signatory in text.signatories.all()]

    with pytest.raises(signing.NotOpenForThis):
        sign(text, order[1])
    sign(text, order[0])
    sign(text, order[1])

    assert Act.objects.filter(kind=Act.Kind.SIGN).count() == 2


def test_in_order_nobody_waits_for_somebody_who_left(made):
    text = open_for_signature(made, sign_in_order=True)
    order = [signatory.person for signatory in text.signatories.all()]
    sign(text, order[0])
    end_membership(text.signatories.get(person=order[1]).membership, by=made.co_chair_a)

    sign(text, order[2])

    assert Act.objects.filter(kind=Act.Kind.SIGN).count() == 2


# ---- closing ---------------------------------------------------------------------------------------------------


def test_signing_closes_when_each_has_answered(made):
    text = open_for_signature(made)
    people = [signatory.person for signatory in text.signatories.all()]
    for person in people[:-1]:
        sign(text, person)
    before = state_of(made)

    decline(text, people[-1])

    text.refresh_from_db()
    assert before == DocumentState.SIGNING
    assert state_of(made) == DocumentState.SIGNED
    assert text.signing_closed_at is not None
    assert len(text.chain_hash) == 64


def test_signing_does_not_wait_for_somebody_who_left(made):
    text = open_for_signature(made)
    end_membership(made.membership("member_a"), by=made.co_chair_a)

    sign_all(text, but=(made.member_a,))

    assert state_of(made) == DocumentState.SIGNED


def test_signing_closes_when_the_last_who_was_awaited_leaves(made):
    text = open_for_signature(made)
    sign_all(text, but=(made.member_a,))
    before = state_of(made)

    end_membership(made.membership("member_a"), by=made.co_chair_a)
    run_due()

    assert (before, state_of(made)) == (DocumentState.SIGNING, DocumentState.SIGNED)


def test_signing_closes_by_itself_at_its_hour(made, time_machine):
    text = open_for_signature(made, signing_ends_at=in_an_hour())
    sign(text, made.co_chair_a)

    time_machine.move_to(timezone.now() + timedelta(hours=2))
    run_due()

    assert state_of(made) == DocumentState.SIGNED
    with pytest.raises(signing.NotOpenForThis):
        sign(text, made.member_a)


def test_after_its_hour_nothing_is_signed_or_reserved_even_before_the_closing_ran(made, time_machine):
    text = open_for_signature(made, signing_ends_at=in_an_hour())
    sign(text, made.co_chair_a)
    time_machine.move_to(timezone.now() + timedelta(hours=2))

    with pytest.raises(signing.NotOpenForThis):
        sign(text, made.member_a)
    with pytest.raises(signing.NotOpenForThis):
        reserve(text, made.co_chair_a)


def test_closing_twice_changes_nothing(made):
    text = signed_text(made)
    closed_at = text.signing_closed_at

    signing.close_signing(text)

    assert FinalText.objects.get(pk=text.pk).signing_closed_at == closed_at


def test_who_has_not_answered_is_reminded_a_day_before(made, time_machine):
    text = open_for_signature(made, signing_ends_at=timezone.now() + timedelta(days=3))
    sign(text, made.co_chair_a)
    Notice.objects.all().delete()

    time_machine.move_to(timezone.now() + timedelta(days=2, hours=1))
    run_due()

    everyone = {s.person.email for s in text.signatories.all()}
    assert told("reports.to_sign") == everyone - {made.co_chair_a.email}


def test_nobody_is_reminded_twice_on_a_day(made):
    text = open_for_signature(made)
    Notice.objects.all().delete()

    for _press in range(3):
        signing.remind_signatories(text, by=made.facilitator)

    assert Notice.objects.filter(kind="reports.to_sign", reader=made.member_b).count() == 1


# ---- reservations ----------------------------------------------------------------------------------------------


def test_a_reservation_is_a_record_of_its_own_that_names_the_texts_hash(made):
    text = open_for_signature(made)

    sign(text, made.member_a, reservation="The river is ours too.")

    reservation = Reservation.objects.get()
    assert str(reservation) == "R1"
    assert reservation.record["reserves"] == text.sha256
    assert "The river is ours too." not in json.loads(text.canonical).__repr__()
    assert standing_text(made).sha256 == text.sha256


def test_those_who_signed_before_are_told_of_a_reservation_and_may_add_one(made):
    text = open_for_signature(made)
    sign(text, made.member_b)

    sign(text, made.member_a, reservation="I read it otherwise.")
    second = reserve(text, made.member_b)

    assert told("reports.reservation") == {made.member_b.email, made.member_a.email}
    assert str(second) == "R2"


def test_a_reservation_is_added_once_by_those_who_signed_and_before_closing(made):
    text = open_for_signature(made)

    with pytest.raises(signing.NotOpenForThis):
        reserve(text, made.member_a)
    sign(text, made.member_a)
    reserve(text, made.member_a)
    with pytest.raises(signing.AlreadyDone):
        reserve(text, made.member_a)
    sign_all(text, but=(made.member_a,))
    with pytest.raises(signing.NotOpenForThis):
        reserve(text, made.member_b)


# ---- nobody learns too early -----------------------------------------------------------------------------------


def test_until_signing_closes_all_learn_who_answered_and_nobody_how(made):
    text = open_for_signature(made)
    sign(text, made.member_a)
    decline(text, made.member_b)

    rows = {row.signatory.name: (row.answered, row.signed) for row in matrix_of(text).rows}

    assert rows["Member A"] == (True, False)
    assert rows["Member B"] == (True, False)
    assert rows["Member C"] == (False, False)


def test_the_record_of_all_sides_says_how_somebody_answered_only_after_closing(made):
    text = open_for_signature(made)
    sign(text, made.member_a)
    decline(text, made.member_b)
    during = [entry for entry in entries(made.group.chain) if entry.kind == "document.answered"]

    sign_all(text, but=(made.member_a, made.member_b))

    closing = next(entry for entry in entries(made.group.chain) if entry.kind == "document.signing_closed")
    assert {tuple(sorted(entry.facts)) for entry in during} == {
        ("act", "document", "final_text", "sha256", "signatory"),
    }
    assert [told["kind"] for told in closing.facts["signatures"]] == ["sign"] * 5
    assert Act.objects.get(kind="decline").public_id not in str(closing.facts)


def test_the_notices_of_a_signature_and_of_declining_read_alike(made):
    text = open_for_signature(made)

    sign(text, made.member_a)
    decline(text, made.member_b)

    kinds = set(Notice.objects.filter(reader=made.facilitator).values_list("kind", flat=True))
    assert "reports.answered" in kinds
    assert not kinds & {"reports.signed", "reports.declined"}


# ---- unfreezing ------------------------------------------------------------------------------------------------


def test_undoing_the_freeze_voids_signatures_which_stay_recorded(made):
    text = open_for_signature(made)
    sign(text, made.member_a)

    unfreeze(made, "A word is missing.")

    text.refresh_from_db()
    assert state_of(made) == DocumentState.DRAFTING
    assert standing_text(made) is None
    assert (text.voided_at is not None, text.void_reason) == (True, "A word is missing.")
    assert Act.objects.filter(signatory__final_text=text).count() == 3
    with pytest.raises(TextHasChanged):
        sign(text, made.member_b)
