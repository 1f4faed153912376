"""What is announced: once per reader, never to the actor, never without the act it tells of."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import connection, transaction

from parley.notifications import NoticeKind, Urgency, Words
from parley.notifications.kinds import NotInATransaction
from parley.notifications.models import Delivery, Notice
from parley.notifications.outbox import drain

from .conftest import make_person
from .told import asked, told

pytestmark = pytest.mark.django_db


def test_each_reader_gets_one_notice_and_one_mail(subject: Any, reader: Any) -> None:
    other = make_person("reader.two@example.org")

    told.announce(subject, by=subject, facts={"said": "yes"})

    said = ("tests.told", subject.public_id, {"said": "yes"})
    columns = ("reader", "kind", "subject", "facts")
    assert list(Notice.objects.order_by("pk").values_list(*columns)) == [(reader.pk, *said), (other.pk, *said)]
    assert list(Delivery.objects.order_by("pk").values_list(*columns)) == [(reader.pk, *said), (other.pk, *said)]


def test_the_actor_hears_nothing_of_their_own_act(subject: Any, reader: Any) -> None:
    told.announce(subject, by=reader)

    assert (Notice.objects.count(), Delivery.objects.count()) == (0, 0)


def test_people_who_left_the_site_hear_nothing(subject: Any) -> None:
    make_person("reader@example.org", is_active=False)

    told.announce(subject)

    assert Notice.objects.count() == 0


def test_the_same_event_announced_twice_is_told_once(subject: Any, reader: Any) -> None:
    told.announce(subject, key="release 2")
    told.announce(subject, key="release 2")
    told.announce(subject, key="release 3")

    assert (Notice.objects.count(), Delivery.objects.count()) == (2, 2)


def test_without_a_key_each_announcement_is_an_event_of_its_own(subject: Any, reader: Any) -> None:
    told.announce(subject)
    told.announce(subject)

    assert Notice.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_announcement_belongs_into_the_transaction_of_the_act(subject: Any, reader: Any) -> None:
    with pytest.raises(NotInATransaction):
        told.announce(subject)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_row(subject: Any, reader: Any) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        told.announce(subject)
        raise RuntimeError

    assert (Notice.objects.count(), Delivery.objects.count()) == (0, 0)
    assert drain() == 0
    assert mail.outbox == []


@pytest.mark.both_databases
@pytest.mark.parametrize("how_many", [1, 30])
def test_announcing_costs_the_same_queries_however_many_hear_it(
    subject: Any, how_many: int, django_assert_num_queries: Any
) -> None:
    for number in range(how_many):
        make_person(f"reader{number}@example.org")

    with django_assert_num_queries({"postgresql": 2, "sqlite": 3}[connection.vendor]):
        told.announce(subject, by=subject)

    assert Notice.objects.count() == how_many


def test_what_was_asked_waits_until_it_is_settled(subject: Any, reader: Any) -> None:
    asked.announce(subject)
    told.announce(subject)
    mine = Notice.objects.visible_to(reader)
    assert [notice.kind for notice in mine.waiting()] == ["tests.asked"]

    asked.settle(subject)

    assert (mine.waiting().count(), [notice.kind for notice in mine.unread()]) == (0, ["tests.told"])


def test_settling_for_one_reader_leaves_the_others_asked(subject: Any, reader: Any) -> None:
    other = make_person("reader.two@example.org")
    asked.announce(subject)

    asked.settle(subject, reader=reader)

    assert [notice.reader for notice in Notice.objects.waiting()] == [other]


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        NoticeKind(
            "tests.told",
            subject=get_user_model(),
            readers=lambda subject, facts: [],
            may_see=lambda user, subject: True,
            words=lambda subject, reader, facts: Words("", "", ""),
            urgency=Urgency.ORDINARY,
        )
