"""Documents in and out: by command with their people, by page into a group."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from groups.models import Membership, Seat
from parley.accounts.models import User
from parley.accounts.second_factor import has_one
from parley.programmes.models import Programme
from reports.actions.brackets import withdraw_bracket
from reports.models import Bracket, Document, Passage, PassageState
from reports.text.brackets import ids_of
from tests.factories.world import CANARY_A
from tests.parley.accounts.hands import give_app

pytestmark = pytest.mark.django_db

REPORT: dict[str, Any] = {
    "kind": "report",
    "programme": "A dialogue on the river",
    "group": "Water",
    "title": "Report on the water",
    "date": "2026-11",
    "host": {
        "name": "The Host",
        "website": "host.example",
        "email": "office@host.example",
        "addresses": [["1 Quay", "The Town"]],
        "about": ["We host."],
    },
    "sides": [
        {
            "name": "Northland",
            "demonym": "Northern",
            "members": [{"name": "Nora North", "role": "co-chair"}, {"name": "Nils North", "role": "member"}],
        },
        {"name": "Southland", "demonym": "Southern", "members": [{"name": "Sara South", "role": "co-chair"}]},
    ],
    "sections": [
        {
            "title": "Perspectives",
            "passages": [
                {"voice": "joint", "text": "Both sides agree that the weir is old."},
                {"voice": "Northland", "text": "The reservoir holds the flood."},
                {"voice": "Southland", "text": "It holds our summer too.", "responds_to": 1},
            ],
        },
        {
            "title": "Recommendations",
            "recommendations": [
                {
                    "heading": "Measure together",
                    "passages": [
                        {
                            "voice": "joint",
                            "text": "Two gauges are set:",
                            "options": ["one on each bank;", "one make."],
                        },
                        {"voice": "joint", "text": "They are read each morning."},
                    ],
                }
            ],
        },
    ],
}
STATEMENT: dict[str, Any] = {
    **{key: REPORT[key] for key in ("programme", "group", "host", "sides")},
    "kind": "statement",
    "title": "Statement on the river",
    "date": "2026-11-03",
    "place": "Batumi",
    "meeting": "Third meeting",
    "facilitator": "The Host",
    "paragraphs": ["We met.", "We will meet again."],
}


def imported(tmp_path, contents: Any, **options: Any) -> Document:
    file, out = tmp_path / "in.json", StringIO()
    file.write_text(contents if isinstance(contents, str) else json.dumps(contents), encoding="utf-8")
    call_command("import_document", str(file), stdout=out, stderr=StringIO(), **options)
    return Document.objects.get(public_id=out.getvalue().splitlines()[-1])


def exported(tmp_path, document: Document) -> Any:
    file = tmp_path / "out.json"
    call_command("export_document", document.public_id, format="json", output=file, stderr=StringIO())
    return json.loads(file.read_text(encoding="utf-8"))


DISPUTED: dict[str, Any] = {
    **STATEMENT,
    "paragraphs": [
        "We met.",
        {
            "text": "We meet [[1: each]] month, [[2: online]].",
            "format": "markup",
            "brackets": [
                {
                    "side": "Southland",
                    "reason": "It is too often.",
                    "alternatives": [
                        {"side": "Northland", "text": "every second"},
                        {"side": "Southland", "text": "*each third*", "format": "markup"},
                    ],
                },
                {
                    "side": "Northland",
                    "reason": "The line is bad.",
                    "alternatives": [{"side": "Northland", "text": None}],
                },
            ],
        },
    ],
}


@pytest.mark.parametrize("contents", [REPORT, STATEMENT, DISPUTED], ids=["report", "statement", "with brackets"])
def test_what_is_imported_is_exported_again_word_for_word(tmp_path, contents):
    document = imported(tmp_path, contents)

    assert exported(tmp_path, document) == contents


def test_brackets_of_a_file_are_open_and_each_is_of_the_side_that_the_file_names(tmp_path):
    document = imported(tmp_path, DISPUTED)

    passage = Passage.objects.get(section__document=document, state=PassageState.BRACKETED)
    found = {bracket.in_brief: bracket for bracket in Bracket.objects.open().filter(passage=passage)}
    assert {words: (bracket.side.name, bracket.from_file) for words, bracket in found.items()} == {
        "each": ("Southland", True),
        "online": ("Northland", True),
    }
    assert set(ids_of(passage.tabled.text)) == {bracket.public_id for bracket in found.values()}
    assert document.sections.get().open_brackets == 2


def test_the_command_names_people_and_gives_nobody_an_account(tmp_path):
    document = imported(tmp_path, REPORT)

    named = Membership.objects.filter(group=document.group)
    assert {(str(m.person), m.seat) for m in named} == {
        ("Nora North", Seat.NAMED),
        ("Nils North", Seat.NAMED),
        ("Sara South", Seat.NAMED),
    }
    assert not User.objects.filter(is_active=True).exists()


def test_importing_twice_makes_a_second_document_and_nobody_twice(tmp_path):
    first, second = imported(tmp_path, REPORT), imported(tmp_path, REPORT)

    assert first.group == second.group
    assert Membership.objects.count() == len(["Nora", "Nils", "Sara"])


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        json.dumps(REPORT)[:-40],
        json.dumps({**REPORT, "kind": "novel"}),
        json.dumps({**REPORT, "sections": [{"title": "x", "passages": [{"voice": "Eastland", "text": "?"}]}]}),
        json.dumps({**REPORT, "title": "\u200b"}),
    ],
)
def test_a_file_that_does_not_fit_says_why_and_leaves_nothing_behind(tmp_path, broken):
    with pytest.raises(CommandError, match="Nothing was imported"):
        imported(tmp_path, broken)

    assert (Programme.objects.count(), User.objects.count(), Document.objects.count()) == (0, 0, 0)


def test_a_missing_file_and_an_unknown_facilitator_are_named(tmp_path):
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import_document", str(tmp_path / "no.json"))
    with pytest.raises(CommandError, match="first_facilitator"):
        imported(tmp_path, REPORT, by="nobody@example.org")


def test_an_unfrozen_document_prints_as_a_draft_on_every_page(tmp_path):
    from tests.reports.publishing import reading

    document, file = imported(tmp_path, REPORT), tmp_path / "out.pdf"

    call_command("export_document", document.public_id, format="pdf", output=file, stderr=StringIO())

    assert all("not agreed text" in page for page in reading.pages(file))


def browser_of(person: User) -> Client:
    client = Client()
    if not has_one(person):
        give_app(person)
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def sent(made, contents: Any, role: str = "facilitator"):
    data = contents if isinstance(contents, bytes) else json.dumps(contents).encode()
    page = reverse("import_document", args=[made.group.public_id])
    return browser_of(made.people[role]).post(page, {"file": SimpleUploadedFile("in.json", data)})


def test_by_the_page_joint_text_arrives_open_and_views_wait_for_their_own_side(made):
    answer = sent(made, REPORT)

    document = Document.objects.get(title="Report on the water")
    passages = Passage.objects.filter(section__document=document).in_reading_order()
    assert answer.status_code == 302
    assert [(p.voice, p.state, p.proposed_for_side) for p in passages] == [
        ("joint", PassageState.OPEN, False),
        ("view", PassageState.OPEN, True),
        ("reply", PassageState.OPEN, True),
        ("recommendation", PassageState.OPEN, False),
        ("recommendation", PassageState.OPEN, False),
    ]


def test_the_page_makes_nobody_a_member(made):
    before = Membership.objects.count()

    sent(made, REPORT)

    assert Membership.objects.count() == before


@pytest.mark.parametrize(
    ("contents", "told"),
    [
        ({**REPORT, "sides": [{**REPORT["sides"][0], "name": "Eastland"}, REPORT["sides"][1]]}, "Eastland"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"", "empty"),
    ],
)
def test_the_page_names_what_does_not_fit_and_makes_nothing(made, contents, told):
    before = Document.objects.count()

    answer = sent(made, contents)

    assert told in answer.content.decode()
    assert (answer.status_code, Document.objects.count()) == (200, before)


@pytest.mark.parametrize(("role", "status"), [("co_chair_a", 403), ("member_b", 403), ("outsider", 404)])
def test_only_facilitators_import_by_the_page(made, role, status):
    assert sent(made, REPORT, role).status_code == status


def test_an_export_holds_nothing_of_a_caucus_not_even_for_its_own_side(made):
    page = reverse("export_document", args=[made.document.public_id])

    answer = browser_of(made.member_a).get(page)

    assert CANARY_A not in answer.content.decode()
    assert "The river rises with us." in answer.content.decode()


def without_members(contents: dict[str, Any]) -> dict[str, Any]:
    return {**contents, "sides": [{**side, "members": []} for side in contents["sides"]]}


def test_whoever_imports_brackets_is_told_in_whose_name_they_came(made):
    facilitator = browser_of(made.facilitator)
    file = SimpleUploadedFile("in.json", json.dumps(without_members(DISPUTED)).encode())

    page = facilitator.post(
        reverse("import_document", args=[made.group.public_id]), {"file": file}, follow=True
    ).content.decode()

    assert "2 brackets came with it, open, each in the name of the side that the file gives." in page


def test_the_page_of_a_bracket_says_that_it_is_from_a_file_and_not_from_its_side(made):
    sent(made, without_members(DISPUTED))
    bracket = Bracket.objects.get(from_file=True, side=made.b)

    page = browser_of(made.member_a).get(reverse("bracket", args=[bracket.public_id])).content.decode()

    assert "Brought in from a file by" in page
    assert " ".join(page.split()).count("from a file, brought in by Faye Facilitator") == 2


def test_a_side_withdraws_what_a_file_put_into_brackets_in_its_name(made):
    sent(made, without_members(DISPUTED))
    bracket = Bracket.objects.get(from_file=True, side=made.b)

    withdraw_bracket(bracket, by=made.co_chair_b)

    bracket.refresh_from_db()
    assert bracket.outcome == "withdrawn"
