"""Lists of people to invite: each line a guest or a fault; nothing is stored before it is confirmed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from groups import people_lists
from groups.models import Invitation
from groups.people_lists import NotAList
from parley.notifications.models import Delivery
from tests.factories import World

pytestmark = pytest.mark.django_db

HEAD = "email,name,group,role,side\n"


def faults(seated: World, *lines: str) -> list[str]:
    reading = people_lists.read((HEAD + "\n".join(lines)).encode(), seated.programme)
    return [line.fault for line in reading.lines]


def refused(data: bytes, seated: World) -> str:
    with pytest.raises(NotAList) as because:
        people_lists.read(data, seated.programme)
    return str(because.value)


def upload(client, seated: World, data: bytes):
    address = reverse("invite_list", kwargs={"programme": seated.programme.public_id})
    return client.post(address, {"file": SimpleUploadedFile("people.csv", data, "text/csv")})


def send(client, seated: World, seal: str):
    return client.post(reverse("invite_listed", kwargs={"programme": seated.programme.public_id}), {"list": seal})


def test_a_good_line_becomes_a_guest(seated: World):
    reading = people_lists.read(f"{HEAD}ANI@Example.org,Ani  Petrosyan,water,Member,nor\n".encode(), seated.programme)

    guest = reading.guests[0]
    assert (guest.email, guest.name, guest.group, guest.role, guest.side) == (
        "ani@example.org",
        "Ani Petrosyan",
        seated.group,
        "member",
        seated.a,
    )


@pytest.mark.parametrize(
    ("data", "side"),
    [
        ("\ufeffemail;name;group;role;side\r\nani@example.org;Ani;Water;member;Northern\r\n".encode(), "a"),
        (b"email\tgroup\trole\tside\nani@example.org\tWater\tmember\tSOU\n", "b"),
        ("side,role,group,email\nSouthland,co-chair,Water,ani@example.org\n".encode("utf-16"), "b"),
    ],
    ids=["semicolons and a byte-order mark", "tabs without a name", "UTF-16, another order"],
)
def test_spreadsheets_save_in_many_ways(seated: World, data: bytes, side: str):
    assert [guest.side for guest in people_lists.read(data, seated.programme).guests] == [getattr(seated, side)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nobody,N,Water,member,NOR", "no e-mail address"),
        (",N,Water,member,NOR", "no e-mail address"),
        ("a@example.org,N,Peace,member,NOR", "no group “Peace”"),
        ("a@example.org,N,Water,chief,NOR", "“chief” is no role"),
        ("a@example.org,N,Water,member,XYZ", "no side “XYZ”"),
        ("a@example.org,N,Water,member,", "needs a side"),
        ("a@example.org,N,Water,observer,NOR", "observer has no side"),
        ("a@example.org,=HYPERLINK(),Water,member,NOR", "formula"),
        ("a@example.org,@cmd,Water,member,NOR", "formula"),
        ("a@example.org,+1,Water,member,NOR", "formula"),
        ("a@example.org,\u200b\u200b,Water,member,NOR", "nothing that can be seen"),
        ("a@example.org,A\u202eB,Water,member,NOR", "turns letters around"),
        ("a@example.org," + "N" * 121 + ",Water,member,NOR", "longer than 120"),
        ("a@example.org,N," + "W" * 500 + ",member,NOR", "far too long"),
        ("member-a@example.org,N,Water,member,NOR", "has a seat in the group already"),
        ("invitee@example.org,N,Water,member,NOR", "invited to the group already"),
        ("member-b@example.org,N,Roads,member,NOR", "another side"),
        ("facilitator@example.org,N,Roads,member,NOR", "another side"),
        ("a@example.org", "no group “”"),
    ],
)
def test_a_faulty_line_says_how_to_mend_it(seated: World, line: str, says: str):
    found = faults(seated, line)

    assert says in found[0]


def test_faults_name_their_lines(seated: World):
    data = f"{HEAD}ani@example.org,A,Water,member,NOR\n\nbroken,B,Water,member,NOR\n".encode()

    assert [line.number for line in people_lists.read(data, seated.programme).faults] == [4]


def test_lines_are_compared_with_each_other(seated: World):
    found = faults(
        seated,
        "a@example.org,N,Water,member,NOR",
        "A@example.org,N,Water,member,NOR",
        "a@example.org,N,Roads,member,SOU",
        "a@example.org,N,Roads,member,NOR",
    )

    assert [bool(fault) for fault in found] == [False, True, True, False]
    assert "line 2" in found[1]
    assert "Line 2" in found[2]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Missing: email, group, role"),
        (b"name,side\nA,B\n", "Missing: email, group, role"),
        (b"email,email,group,role\n", "twice"),
        (HEAD.encode(), "no people"),
        ("email,group,role\nani@example.org,Гр,member\n".encode("cp1251"), "CSV UTF-8"),
        (b"email,group,role\n\x00\n", "CSV UTF-8"),
        (b"PK\x03\x04\xff\xfe\x00", "CSV UTF-8"),
        (b"\xff\xfe\x00", "CSV UTF-8"),
        (b'email,group,role\n"open,Water,member\n', "quotation mark"),
        (b"x" * (people_lists.LARGEST + 1), "larger than 1 MB"),
        ((HEAD + "".join(f"p{n}@example.org,P,Water,member,NOR\n" for n in range(501))).encode(), "500"),
    ],
)
def test_a_file_that_is_no_list_says_why(seated: World, data: bytes, says: str):
    assert says in refused(data, seated)


def test_ten_megabytes_are_refused_by_the_page(seated: World, as_):
    answered = upload(as_("facilitator"), seated, b"x" * 10_000_000)

    assert answered.status_code == 200
    assert b"larger than 1 MB" in answered.content


def test_a_preview_stores_and_sends_nothing(seated: World, as_):
    before = (Invitation.objects.count(), Delivery.objects.count())

    answered = upload(as_("facilitator"), seated, f"{HEAD}ani@example.org,Ani,Water,member,NOR\nx,X,Y,Z,\n".encode())

    assert [line.email for line in answered.context["reading"].good] == ["ani@example.org"]
    assert [line.number for line in answered.context["reading"].faults] == [3]
    assert (Invitation.objects.count(), Delivery.objects.count()) == before


def test_exactly_what_was_previewed_is_sent_and_once(seated: World, as_):
    client = as_("facilitator")
    lines = "ani@example.org,Ani,Water,member,NOR\nleyla@example.org,Leyla,Water,observer,\n"
    seal = upload(client, seated, f"{HEAD}{lines}".encode()).context["seal"]

    for _press in range(2):
        send(client, seated, seal)

    made = Invitation.objects.filter(email__in=["ani@example.org", "leyla@example.org"]).order_by("email")
    assert [(one.email, one.name, one.group, one.role, one.side) for one in made] == [
        ("ani@example.org", "Ani", seated.group, "member", seated.a),
        ("leyla@example.org", "Leyla", seated.group, "observer", None),
    ]
    assert Delivery.objects.filter(to="ani@example.org").count() == 1


def test_a_list_of_another_hand_or_programme_sends_nothing(seated: World, as_):
    guests = people_lists.read(f"{HEAD}ani@example.org,Ani,Water,member,NOR\n".encode(), seated.programme).guests
    by_other = people_lists.sealed(guests, programme=seated.programme, by=seated.other_facilitator)
    other_programme = seated.other_facilitator.facilitates.get().programme
    of_other = people_lists.sealed([], programme=other_programme, by=seated.facilitator)
    client = as_("facilitator")

    for seal in ("", "nonsense", by_other, of_other, by_other[:-2]):
        send(client, seated, seal)

    assert not Invitation.objects.filter(email="ani@example.org").exists()


@pytest.mark.parametrize("role", ["co_chair_a", "member_a", "observer"])
def test_lists_are_for_facilitators(seated: World, as_, role: str):
    assert upload(as_(role), seated, HEAD.encode()).status_code == 403
