"""The site's own server process: pages, sockets, worker and beat together; and sockets when Redis is lost."""

import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
import websockets

from parley.desk.management.commands.serve import SOCKETS
from tests.parley.house.instances import Instance, an_instance, answer, wait_for
from tests.services import free_port

PATIENCE = 60
# Signs somebody in as the site does, and tells the session's cookie.
SIGN_IN = """
from django.conf import settings
from django.test import Client
from parley.accounts.models import User
person, _ = User.objects.get_or_create(email="reader@example.org")
client = Client(); client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
name = settings.SESSION_COOKIE_NAME
print(f"{name}={client.cookies[name].value}")
"""
ANNOUNCE = """
from django.db import transaction
from parley.accounts.models import User
from tests.parley.notifications.told import told
with transaction.atomic():
    told.announce(User.objects.get())
"""
SEND = """
from parley.notifications import send_account_mail
send_account_mail("account_code", "reader@example.org", {"code": "123456", "minutes": 10})
"""
# A command ends at once: its errand to Redis must be run before.
SEND_AND_WAIT = f"""{SEND}
import threading
from parley.notifications.wake import _errands
done = threading.Event(); _errands.put(done.set); assert done.wait(10)
"""
LEAVE = "from parley.accounts.models import User; User.objects.update(is_active=False)"


@contextmanager
def a_server(folder: Path, **named: str) -> Iterator[tuple[Instance, str]]:
    """The site in a process of its own; its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with an_instance(folder, with_tables=True, PARLEY_URL=url, **named) as site:
        site.manage("createcachetable")
        (folder / "static").mkdir()
        server = [sys.executable, "-m", "uvicorn", "parley.asgi:application", "--port", str(port)]
        with site.running([*server, *SOCKETS, "--log-level", "warning"]) as process:
            wait_for(f"{url}/health/live/", process)
            yield site, url


def shell(site: Instance, code: str) -> str:
    return site.manage("shell", "-v0", "-c", code).stdout


def page_of(site: Instance, url: str) -> Any:
    cookie = shell(site, SIGN_IN).split()[-1]
    return websockets.connect(
        f"ws{url[4:]}/ws/updates/",
        origin=url,
        additional_headers={"Cookie": cookie},  # type: ignore[arg-type]
    )


async def until_told(page: Any, unread: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while json.loads(await page.recv()) != {"type": "bell", "unread": unread}:
            pass


def worker_beats(url: str) -> bool:
    return json.loads(answer(f"{url}/health/")[1])["worker"]


@pytest.mark.deep
def test_the_embedded_server_brings_worker_and_beat_and_ends_in_order(tmp_path: Path) -> None:
    with a_server(tmp_path) as (site, url):
        until = time.monotonic() + PATIENCE
        while not worker_beats(url):
            assert time.monotonic() < until
            time.sleep(0.5)
        shell(site, SEND)

        mailbox = tmp_path / "mailbox"
        while not list(mailbox.glob("*.eml")):
            assert time.monotonic() < until
            time.sleep(0.5)


@pytest.mark.deep
async def test_a_real_socket_is_told_and_closed(tmp_path: Path) -> None:
    """What another process did, as a command does, is found by the sweep: here no message tells of it."""
    with a_server(tmp_path) as (site, url):
        async with page_of(site, url) as page:
            await until_told(page, 0)
            await asyncio.to_thread(shell, site, ANNOUNCE)
            await until_told(page, 1)
            await asyncio.to_thread(shell, site, LEAVE)
            with pytest.raises(websockets.ConnectionClosed) as closed:
                async with asyncio.timeout(PATIENCE):
                    await page.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4401


@contextmanager
def a_redis() -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    port = free_port()
    server = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen(server, stdout=subprocess.DEVNULL) as process:
        client, until = redis.Redis(port=port), time.monotonic() + PATIENCE
        while True:
            try:
                client.ping()
                break
            except redis.ConnectionError:
                assert time.monotonic() < until
                time.sleep(0.1)
        client.close()
        try:
            yield f"redis://127.0.0.1:{port}/0", process
        finally:
            process.kill()


@pytest.mark.deep
@pytest.mark.redis
@pytest.mark.skipif(shutil.which("redis-server") is None, reason="starts a Redis of its own: install redis-server")
async def test_with_redis_pages_hear_of_other_processes_and_close_when_it_is_gone(tmp_path: Path) -> None:
    """Idle sockets stay open, the bell comes from another process, and an ended access closes without Redis too."""
    with a_redis() as (address, process), a_server(tmp_path, REDIS_URL=address) as (site, url):
        async with page_of(site, url) as page:
            await until_told(page, 0)
            # Longer than the five seconds after which the stock layer drops idle sockets.
            await asyncio.sleep(7)
            await asyncio.to_thread(shell, site, ANNOUNCE)
            await until_told(page, 1)

            process.kill()
            await asyncio.sleep(1)
            begun = time.monotonic()
            await asyncio.to_thread(shell, site, LEAVE)
            left = time.monotonic()
            with pytest.raises(websockets.ConnectionClosed) as closed:
                async with asyncio.timeout(PATIENCE):
                    await page.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4401
            assert time.monotonic() - left < 5, left - begun


@contextmanager
def a_worker(folder: Path, redis_url: str) -> Iterator[Instance]:
    """As production starts it; without beat, which would find by itself what a lost knock told of."""
    worker = [sys.executable, "-m", "celery", "-A", "parley.celery", "worker", "--queues", "celery"]
    with (
        an_instance(folder, with_tables=True, REDIS_URL=redis_url) as site,
        site.running([*worker, "--concurrency", "1", "--without-gossip", "--without-mingle"]),
    ):
        yield site


def wait_for_mails(mailbox: Path, count: int) -> None:
    until = time.monotonic() + PATIENCE
    while len(list(mailbox.glob("*.eml"))) < count:
        assert time.monotonic() < until
        time.sleep(0.2)


@pytest.mark.deep
@pytest.mark.redis
@pytest.mark.skipif(shutil.which("redis-server") is None, reason="starts a Redis of its own: install redis-server")
def test_a_worker_is_woken_by_every_commit_also_after_its_connections_were_lost(tmp_path: Path) -> None:
    with a_redis() as (address, _process), a_worker(tmp_path, address) as site, redis.Redis.from_url(address) as client:
        shell(site, SEND_AND_WAIT)
        wait_for_mails(tmp_path / "mailbox", 1)
        client.client_kill_filter(_type="normal", skipme=True)
        shell(site, SEND_AND_WAIT)
        wait_for_mails(tmp_path / "mailbox", 2)
