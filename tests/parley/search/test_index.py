"""The index follows the texts in the transaction of every act, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from meetings.models import Meeting
from parley.accounts.models import User
from parley.desk.searching import audience_of, search
from parley.search import keeping
from parley.search.asking import asked
from parley.search.models import Audience, Entry, Filters
from reports.actions.comments import start_thread
from reports.actions.documents import rename_section
from reports.actions.passages import drop, restore_passage, save_passage, table_passage
from reports.models import Passage, Voice
from tests.factories import World, passage_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def found(person: User, typed: str, **filters: Any) -> list[str]:
    """The words of what a person finds; with the standing that they have at this moment."""
    fresh = User.objects.get(pk=person.pk)
    return [result.hit.text for result in search(fresh, asked(typed), Filters(**filters)).results]


@pytest.fixture
def made(made: World) -> World:
    keeping.rebuild()  # rows of a kept world may come in an order in which no act writes them
    return made


def test_a_word_is_found_with_other_endings_and_in_any_case(made: World) -> None:
    for words in ("Реки не знают границ.", "Azərbaycanın ÇAYLARI İstiqlal", "მდინარეები", "Գետերը հոսում են։"):
        passage_of(made.section, made.member_a, words)

    for typed in ("река граница", "çay istiqlal", "მდინარე", "գետեր", "drinks rivers", "DRINK"):
        assert len(found(made.member_b, typed)) == 1, typed


def test_a_phrase_stands_exactly_so(made: World) -> None:
    assert found(made.member_b, "“one river”") == ["Both sides drink from one river."]
    assert found(made.member_b, "“river one”") == []
    assert found(made.member_b, "“one rivers”") == []


def test_new_words_are_found_and_old_ones_no_longer(made: World) -> None:
    save_passage(made.joint, text=text("Both sides share a lake."), version=1, by=made.member_a)

    assert found(made.member_b, "lakes") == ["Both sides share a lake."]
    assert found(made.member_b, "drink") == []


def test_caucus_words_are_found_by_their_side_until_they_are_tabled(made: World) -> None:
    view = passage_of(made.section, made.member_a, "Our glacier melts.", voice=Voice.VIEW, side=made.a)
    before = {role: found(made.people[role], "glacier") for role in ("member_a", "member_b", "facilitator")}

    table_passage(view, sha256=view.caucus_copy.sha256, by=made.co_chair_a)

    words = ["Our glacier melts."]
    assert before == {"member_a": words, "member_b": [], "facilitator": []}
    assert {role: found(made.people[role], "glacier") for role in before} == dict.fromkeys(before, words)


def test_what_leaves_the_text_leaves_the_index_and_comes_back_with_it(made: World) -> None:
    start_thread(passage=made.view_a, kind="fact", source="Which spring?", own_side_only=False, by=made.member_b)
    view = Passage.objects.get(pk=made.view_a.pk)

    drop(made.document, view, by=made.member_a)
    dropped = found(made.member_b, "rises"), found(made.member_b, "spring"), entries(view)
    restore_passage(Passage.objects.get(pk=view.pk), by=made.member_a)

    assert dropped == ([], [], 0)
    assert found(made.member_b, "rises") == ["The river rises with us."]
    assert found(made.member_b, "spring") == ["Which spring?"]


def entries(passage: Passage) -> int:
    return Entry.objects.filter(kind__in=["passage", "caucus"], object_id=passage.pk).count()


def test_an_act_that_is_undone_leaves_the_index_as_it_was(made: World) -> None:
    with transaction.atomic():
        passage_of(made.section, made.member_a, "A volcano.")
        inside = found(made.member_b, "volcano")
        transaction.set_rollback(True)

    assert (inside, found(made.member_b, "volcano")) == (["A volcano."], [])


def test_names_and_titles_follow_their_changes(made: World) -> None:
    rename_section(made.section, title="Glaciers", by=made.co_chair_a)
    User.objects.filter(pk=made.member_b.pk).update(name="Nino Beridze", name_own_script="ნინო ბერიძე")

    assert found(made.member_a, "glacier", kind="section") == ["Glaciers"]
    assert found(made.member_a, "beridze") == found(made.member_a, "ბერიძე") == ["Nino Beridze · ნინო ბერიძე"]
    assert found(made.member_a, "member-b@example.org") == []
    assert found(made.observer, "beridze") == []


def test_meetings_are_found_by_members_and_facilitators_once_they_are_announced(made: World) -> None:
    starts = timezone.now() + timedelta(days=20)
    meeting = Meeting.objects.create(
        group=made.group, title="Round on dams", venue="Tbilisi", zone="Asia/Tbilisi", announced_at=None,
        announced_by=made.co_chair_a,
        starts=starts, ends=starts + timedelta(hours=2),
    )  # fmt: skip
    meeting.agenda.create(title="The weir")

    drafted = who_finds(made, "dams") | who_finds(made, "weir")
    Meeting.objects.filter(pk=meeting.pk).update(announced_at=timezone.now())

    members = {"co_chair_a", "deputy_a", "member_a", "co_chair_b", "member_b", "member_c", "facilitator"}
    assert drafted == set()
    assert who_finds(made, "dams") == who_finds(made, "weir") == members


def who_finds(made: World, typed: str) -> set[str]:
    return {role for role, person in made.people.items() if found(person, typed)}


def test_each_fence_holds_alone(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index knows for whom a row is; and what it names is fetched as its reader sees it now."""
    word = "canaryquailnorth"
    rows = Entry.objects.filter(asked(word).condition())

    of_b, of_a = (rows.read_by(audience_of(made.people[role])).count() for role in ("member_b", "member_a"))
    of_a_now = len(found(made.member_a, word))
    monkeypatch.setattr(Audience, "condition", lambda self: Q())

    assert (of_b, of_a, of_a_now) == (0, 2, 2)
    assert found(made.member_b, word) == found(made.facilitator, word) == found(made.ex_member_a, word) == []


def test_the_index_written_afresh_is_the_one_that_the_acts_wrote(made: World) -> None:
    passage_of(made.section, made.member_a, "A volcano.")
    save_passage(made.joint, text=text("Both sides share a lake."), version=1, by=made.member_a)
    written = set(Entry.objects.values_list("kind", "object_id", "words"))

    call_command("rebuild_search", verbosity=0)

    assert set(Entry.objects.values_list("kind", "object_id", "words")) == written


def test_triggers_that_are_gone_come_back_with_the_next_migrate(made: World) -> None:
    """SQLite drops them with a table that a migration remakes."""
    wanted = {trigger.name for trigger in keeping.triggers(connection.vendor)}
    with connection.cursor() as cursor:
        name, table = next(iter(keeping._there(connection).items()))
        for statement in keeping._taken_down(connection.vendor, name, table):
            cursor.execute(statement)
    gone = wanted - set(keeping._there(connection))

    keeping.keep_up()

    assert gone == {name}
    assert set(keeping._there(connection)) == wanted
