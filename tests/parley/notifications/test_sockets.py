"""The socket of an open page: who may open it, what it tells, and that it closes when an access ends."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from parley.notifications import access_changed, hub, page_changed, topic_kind, topics
from parley.notifications.actions import mark_all_read
from parley.notifications.consumers import MAX_FRAME
from parley.notifications.models import Notice

from .conftest import make_person, page_of
from .pages import Page
from .told import told

pytestmark = pytest.mark.django_db(transaction=True)
ORIGIN = settings.CSRF_TRUSTED_ORIGINS[0]


@pytest.fixture(autouse=True)
def pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """One kind of page: a document that everyone named after their side may watch, with that side's caucus."""

    def heard(user: Any, public_id: str) -> list[str] | None:
        if not user.name.startswith("side"):
            return None
        return [f"document:{public_id}", f"document:{public_id}:side:{user.name}"]

    monkeypatch.setattr(topics, "_kinds", {})
    topic_kind("document", channels=heard)


@pytest.fixture
def reader(db: None) -> Any:
    return make_person("reader@example.org", name="side-a")


@pytest.fixture
def quick_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "SWEEP_SECONDS", 0.2)


def handshake(cookies: str = "", origin: str = ORIGIN) -> Page:
    headers = [(b"origin", origin.encode()), (b"cookie", cookies.encode())]
    return Page(headers)


@sync_to_async
def cookies_of(person: Any) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={page_of(person).cookies[settings.SESSION_COOKIE_NAME].value}"


@asynccontextmanager
async def open_page(person: Any, *watched: str) -> AsyncIterator[Page]:
    """A page of this person that has heard its bell, and watches."""
    page = handshake(await cookies_of(person))
    assert await page.connect()
    assert (await page.heard())["type"] == "bell"
    if watched:
        await page.watch(*watched)
        await settled(page)
    try:
        yield page
    finally:
        await page.leave()


async def settled(page: Page) -> None:
    """Until the watch has been taken: the socket answers nothing to it."""
    await asyncio.sleep(0.3)


@sync_to_async
def in_transaction(act: Callable[..., Any], *args: Any, **named: Any) -> None:
    with transaction.atomic():
        act(*args, **named)


@sync_to_async
def become(person: Any, **fields: Any) -> None:
    """Changed in the database alone, as another process would."""
    get_user_model().objects.filter(pk=person.pk).update(**fields)


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example.org", "http://localhost:9999", "https://localhost:8000", "http://localhost", "null"],
)
async def test_a_page_of_another_site_does_not_get_in(reader: Any, origin: str) -> None:
    page = handshake(await cookies_of(reader), origin)

    assert not await page.connect()


async def test_no_origin_is_a_foreign_origin(reader: Any) -> None:
    page = Page([(b"cookie", (await cookies_of(reader)).encode())])

    assert not await page.connect()


@pytest.mark.parametrize("cookies", ["", "session=forged", "session=", "session", "\x00;;==", "other=1"])
async def test_who_is_not_signed_in_is_let_in_and_then_told_why_not(transactional_db: None, cookies: str) -> None:
    page = handshake(cookies)

    assert await page.connect()
    assert await page.closed_with() == 4401


async def test_a_deactivated_person_counts_as_signed_out(reader: Any) -> None:
    cookies = await cookies_of(reader)
    await become(reader, is_active=False)
    page = handshake(cookies)

    assert await page.connect()
    assert await page.closed_with() == 4401


async def test_an_open_page_is_told_of_the_bell(reader: Any) -> None:
    async with open_page(reader) as page:
        await in_transaction(told.announce, reader, by=None)
        assert await page.heard() == {"type": "bell", "unread": 1}

        await in_transaction(mark_all_read, by=reader)
        assert await page.heard() == {"type": "bell", "unread": 0}


async def test_of_many_who_are_told_at_once_each_open_page_hears_and_no_other(reader: Any) -> None:
    others = [await sync_to_async(make_person)(f"other{n}@example.org", name="side-a") for n in range(3)]
    async with open_page(reader) as page, open_page(others[0]) as beside:
        await in_transaction(told.announce, others[2], by=others[0], readers=[reader, *others])

        assert await page.heard() == {"type": "bell", "unread": 1}
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await beside.heard()


async def test_a_watched_page_is_told_that_it_has_changed(reader: Any) -> None:
    async with open_page(reader, "document:abc") as page:
        await in_transaction(page_changed, "document:abc")
        assert await page.heard() == {"type": "changed", "topic": "document:abc"}


async def test_nothing_is_told_before_the_commit_nor_after_a_rollback(reader: Any) -> None:
    def fail() -> None:
        page_changed("document:abc")
        raise RuntimeError

    async with open_page(reader, "document:abc") as page:
        with pytest.raises(RuntimeError):
            await in_transaction(fail)
        assert await page.receive_nothing(0.5)


async def test_a_side_hears_of_its_own_caucus_only(reader: Any) -> None:
    other = await sync_to_async(make_person)("other@example.org", name="side-b")

    async with open_page(reader, "document:abc") as ours, open_page(other, "document:abc") as theirs:
        await in_transaction(page_changed, "document:abc:side:side-a")

        assert await ours.heard() == {"type": "changed", "topic": "document:abc"}
        assert await theirs.receive_nothing(0.5)


@pytest.mark.parametrize("topic", ["document:abc:side:side-b", "user.someone", "topic.document.abc", "unknown:abc"])
async def test_a_name_alone_opens_nothing(reader: Any, topic: str) -> None:
    """Not that of the other side's caucus, nor of a person, nor of a group of the channel layer."""
    async with open_page(reader) as page:
        await page.watch(topic)
        assert await page.closed_with() == 4403


async def test_who_may_not_see_a_page_may_not_watch_it() -> None:
    outsider = await sync_to_async(make_person)("outsider@example.org", name="nobody")

    async with open_page(outsider) as page:
        await page.watch("document:abc")
        assert await page.closed_with() == 4403


async def test_the_standing_is_asked_anew_at_each_message(reader: Any) -> None:
    async with open_page(reader) as page:
        await become(reader, name="removed")
        await page.watch("document:abc")
        assert await page.closed_with() == 4403


async def test_the_standing_is_asked_anew_before_each_delivery(reader: Any) -> None:
    """A membership that ended in another process, with no word of it having come yet."""
    async with open_page(reader, "document:abc") as page:
        await become(reader, name="removed")
        await in_transaction(page_changed, "document:abc")
        assert await page.closed_with() == 4403


async def test_an_access_that_ends_closes_the_page_at_once(reader: Any) -> None:
    async with open_page(reader, "document:abc") as page:
        await become(reader, name="removed", access_epoch=1)
        await in_transaction(access_changed, reader)
        assert await page.closed_with() == 4403


async def test_a_change_that_leaves_the_page_open_goes_on_telling(reader: Any) -> None:
    async with open_page(reader, "document:abc") as page:
        await become(reader, access_epoch=1)
        await in_transaction(access_changed, reader)
        await in_transaction(page_changed, "document:abc")
        assert await page.heard() == {"type": "changed", "topic": "document:abc"}


async def test_a_raised_epoch_is_found_without_any_message(reader: Any) -> None:
    """The wake-up is lost: the sweep, at its real pace, closes the socket within five seconds."""
    async with open_page(reader, "document:abc") as page:
        await become(reader, name="removed", access_epoch=1)
        begun = time.monotonic()
        assert await page.closed_with() == 4403
        assert time.monotonic() - begun < 5


async def test_signing_out_elsewhere_closes_the_page(reader: Any, quick_sweep: None) -> None:
    client = await sync_to_async(page_of)(reader)
    page = handshake(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")
    assert await page.connect()
    await page.heard()

    await sync_to_async(client.logout)()

    assert await page.closed_with() == 4401


async def test_deactivating_a_person_closes_their_pages(reader: Any, quick_sweep: None) -> None:
    async with open_page(reader) as page:
        await become(reader, is_active=False)
        assert await page.closed_with() == 4401


async def test_a_bell_that_no_message_told_of_is_told_by_the_sweep(reader: Any, quick_sweep: None) -> None:
    async with open_page(reader) as page:
        await sync_to_async(Notice.objects.create)(reader=reader, key="k", kind="tests.told", subject="x")
        assert await page.heard() == {"type": "bell", "unread": 1}


async def test_pages_of_others_stay_open_through_the_sweep(reader: Any, quick_sweep: None) -> None:
    async with open_page(reader, "document:abc") as page:
        assert await page.receive_nothing(0.8)


async def test_a_sweep_without_a_database_closes_all_to_be_tried_again(
    reader: Any, quick_sweep: None, monkeypatch: Any
) -> None:
    def gone(held: Any) -> None:
        raise OSError

    async with open_page(reader) as page:
        monkeypatch.setattr(hub, "seen", gone)
        assert await page.closed_with() == 4503


async def test_without_a_channel_layer_an_ended_session_closes_the_page_all_the_same(
    reader: Any, quick_sweep: None, monkeypatch: Any
) -> None:
    """Redis is lost: every call to the layer fails."""

    async def lost(*args: Any) -> None:
        raise ConnectionError

    for name in ("new_channel", "group_add", "group_discard", "group_send", "receive"):
        monkeypatch.setattr(get_channel_layer(), name, lost)
    async with open_page(reader) as page:
        await become(reader, is_active=False)
        assert await page.closed_with() == 4401


@pytest.mark.parametrize(
    "frame",
    [
        *("no json", "[]", "1", "[" * 5000, '{"type": "watch"}', '{"type": "watch", "topics": [1]}'),
        *('{"type": "delete", "topics": []}', '{"type": "watch", "topics": "document:abc"}'),
        json.dumps({"type": "watch", "topics": ["a:b"] * 21}),
    ],
)
async def test_what_no_page_of_ours_sends_closes_the_socket(reader: Any, frame: str) -> None:
    async with open_page(reader) as page:
        await page.send(frame)
        assert await page.closed_with() == 4400


async def test_bytes_are_not_understood(reader: Any) -> None:
    async with open_page(reader) as page:
        await page.send_input({"type": "websocket.receive", "bytes": b"\x00"})
        assert await page.closed_with() == 4400


@pytest.mark.parametrize("frame", ["x" * (MAX_FRAME + 1), "ə" * (MAX_FRAME // 2 + 1)])
async def test_a_frame_beyond_64_kilobytes_is_refused_unread(reader: Any, frame: str) -> None:
    async with open_page(reader) as page:
        await page.send(frame)
        assert await page.closed_with() == 4413


async def test_a_frame_of_64_kilobytes_is_read(reader: Any) -> None:
    frame = json.dumps({"type": "watch", "topics": ["document:" + "x"]})
    async with open_page(reader) as page:
        await page.send(frame + " " * (MAX_FRAME - len(frame)))
        assert await page.receive_nothing(0.5)


async def test_a_flood_closes_the_socket(reader: Any) -> None:
    async with open_page(reader) as page:
        for _ in range(21):
            await page.watch()
        assert await page.closed_with() == 4400


async def test_a_slow_question_of_one_page_does_not_hold_up_another(reader: Any, monkeypatch: Any) -> None:
    """Channels' own dispatch would pass through one shared thread before every message."""

    @sync_to_async
    def block_the_shared_thread() -> None:
        time.sleep(1.5)

    async with open_page(reader, "document:abc") as page:
        slow = asyncio.create_task(block_the_shared_thread())
        await asyncio.sleep(0.1)
        begun = time.monotonic()
        await get_channel_layer().group_send(
            "topic.document.abc", {"type": "page.changed", "groups": ["topic.document.abc"]}
        )
        assert await page.heard() == {"type": "changed", "topic": "document:abc"}
        assert time.monotonic() - begun < 1
        await slow
