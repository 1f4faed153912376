"""Pages that stay open hear of their own side alone, and are closed when a membership ends."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings

from groups.actions import end_membership
from parley.accounts.models import User
from reports.actions.passages import save_passage, table_passage
from reports.models import Passage
from tests.factories import World, text
from tests.factories.browsers import signed_in
from tests.factories.kept import world_again
from tests.parley.notifications.pages import Page

pytestmark = pytest.mark.django_db(transaction=True)
SIGNED_OUT, NO_ACCESS = 4401, 4403


@sync_to_async
def made_anew() -> World:
    return world_again()


@sync_to_async
def cookie_of(person: User) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value}"


async def opened(person: User, *topics: str) -> Page:
    """A page of this person that has heard its bell, and watches."""
    heads = [(b"origin", settings.CSRF_TRUSTED_ORIGINS[0].encode()), (b"cookie", (await cookie_of(person)).encode())]
    page = Page(heads)
    assert await page.connect()
    assert (await page.heard())["type"] == "bell"
    await page.watch(*topics)
    await asyncio.sleep(0.3)
    return page


@sync_to_async
def written_in_caucus(made: World) -> None:
    passage = Passage.objects.get(pk=made.caucus_a.pk)
    save_passage(passage, text=text("Other words."), version=passage.caucus_version, by=made.co_chair_a)


@sync_to_async
def tabled(made: World) -> None:
    passage = Passage.objects.select_related("caucus_copy").get(pk=made.caucus_a.pk)
    table_passage(passage, sha256=passage.caucus_copy.sha256, by=made.co_chair_a)


@sync_to_async
def ended(made: World, role: str) -> None:
    end_membership(made.membership(role), by=made.co_chair_a)


async def closing(page: Page) -> int:
    """The code of the close; a bell may ring before it."""
    for _ in range(5):
        message = await page.receive_output(5)
        if message["type"] == "websocket.close":
            return int(message["code"])
    raise AssertionError("still open")


async def changes_heard(page: Page, topic: str) -> bool:
    """Whether the page hears that it has changed; bells aside."""
    for _ in range(3):
        message = await page.heard()
        if message["type"] == "changed":
            return bool(message["topic"] == topic)
    return False


async def test_a_page_hears_of_its_own_caucus_alone_and_of_all_that_is_tabled() -> None:
    made = await made_anew()
    topic = f"document:{made.document.public_id}"
    pages = {role: await opened(made.people[role], topic) for role in ("member_a", "member_b", "facilitator")}

    await written_in_caucus(made)

    assert await pages["member_a"].heard() == {"type": "changed", "topic": topic}
    assert await pages["member_b"].receive_nothing(0.5)
    assert await pages["facilitator"].receive_nothing(0.1)

    await tabled(made)

    assert [await changes_heard(page, topic) for page in pages.values()] == [True, True, True]
    for page in pages.values():
        await page.leave()


@pytest.mark.parametrize("role", ["observer", "ex_member_a", "outsider", "other_group_member", "installer"])
async def test_who_may_not_watch_a_document_is_closed_out(role: str) -> None:
    made = await made_anew()

    page = await opened(made.people[role], f"document:{made.document.public_id}")

    assert await closing(page) == NO_ACCESS


async def test_with_the_end_of_a_membership_its_open_pages_are_closed() -> None:
    made = await made_anew()
    page = await opened(made.member_a, f"document:{made.document.public_id}")

    await ended(made, "member_a")

    assert await closing(page) in (SIGNED_OUT, NO_ACCESS)
