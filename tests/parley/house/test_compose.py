"""docker-compose.yml says what production runs: these tests run those very commands, on this machine's services."""

import asyncio
import shlex
import sys
from pathlib import Path

import pytest
import websockets
import yaml

from tests import services
from tests.services import free_port

from .instances import (
    ROOT,
    Instance,
    a_database,
    answer,
    surroundings,
    wait_for,
    wait_until_the_worker_was_woken,
)

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OF_PARLEY = ("prepare", "web", "sockets", "worker", "render", "beat")
URL = "https://parley.example.org"
# What the proxy adds to each request.
FROM_THE_PROXY = {"Host": "parley.example.org", "X-Forwarded-Proto": "https"}


def command_of(service: str) -> list[str]:
    """The words of a service's command, with this interpreter's programs."""
    words = shlex.split(COMPOSE["services"][service]["command"])
    return [str(Path(sys.executable).parent / words[0]), *words[1:]]


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """A production site as compose sets it up, on PostgreSQL and Redis."""
    folder = tmp_path_factory.mktemp("production")
    with a_database(folder) as database:
        named = {
            "DJANGO_SETTINGS_MODULE": "parley.settings.prod",
            "PARLEY_DATA": str(folder),
            "PARLEY_URL": URL,
            "PARLEY_SECRET_KEY": "s" * 64,
            "PARLEY_MFA_KEY": "m" * 64,
            "PARLEY_TRUSTED_PROXIES": COMPOSE["services"]["web"]["environment"]["PARLEY_TRUSTED_PROXIES"],
            "DATABASE_URL": database,
            "REDIS_URL": services.redis_url() or "",
            "EMAIL_URL": "consolemail://",
        }
        site = Instance(surroundings(**named))
        site.manage("migrate", "--noinput")
        site.manage("collectstatic", "--noinput")
        yield site


@pytest.mark.postgresql
@pytest.mark.redis
def test_prepare_makes_tables_and_lays_out_styles(production):
    words = COMPOSE["services"]["prepare"]["command"]

    assert words == 'sh -c "python manage.py migrate --noinput && python manage.py collectstatic --noinput"'
    assert production.manage("migrate", "--check").returncode == 0
    assert (Path(production.environment["PARLEY_DATA"]) / "static" / "staticfiles.json").exists()


@pytest.mark.postgresql
@pytest.mark.redis
def test_web_answers_with_a_page_and_with_its_health(production):
    port = free_port()

    with production.running(command_of("web"), PARLEY_BIND=f"127.0.0.1:{port}") as server:
        health, told = wait_for(f"http://127.0.0.1:{port}/health/", server, **FROM_THE_PROXY)
        page, words = answer(f"http://127.0.0.1:{port}/account/login/", **FROM_THE_PROXY)
        stranger, _ = answer(
            f"http://127.0.0.1:{port}/account/login/", **FROM_THE_PROXY | {"Host": "other.example.org"}
        )

    assert (health, '"database": true' in told, '"broker": true' in told) == (200, True, True)
    assert (page, "<h1" in words) == (200, True)
    assert stranger == 400


@pytest.mark.postgresql
@pytest.mark.redis
def test_sockets_open_for_the_sites_own_origin_only(production):
    port = free_port()

    async def refusal(origin: str) -> int | None:
        """The status of a refused handshake, or the close code of an accepted one."""
        try:
            address = f"ws://127.0.0.1:{port}/ws/updates/"
            async with websockets.connect(address, origin=origin) as socket:
                await socket.wait_closed()
                return socket.close_code
        except websockets.InvalidStatus as refused:
            return refused.response.status_code

    with production.running(command_of("sockets"), UVICORN_HOST="127.0.0.1", UVICORN_PORT=str(port)) as server:
        health, _ = wait_for(f"http://127.0.0.1:{port}/health/", server, **FROM_THE_PROXY)
        own = asyncio.run(refusal(URL))
        other = asyncio.run(refusal("https://other.example.org"))

    signed_out = 4401
    assert (health, own, other) == (200, signed_out, 403)


@pytest.mark.postgresql
@pytest.mark.redis
def test_beat_wakes_the_worker_through_redis_and_doctor_finds_all_well(production):
    port = free_port()
    with (
        production.running(command_of("web"), PARLEY_BIND=f"127.0.0.1:{port}") as server,
        production.running(command_of("worker")),
        production.running(command_of("render")),
        production.running([*command_of("beat")[:-1], f"{production.environment['PARLEY_DATA']}/beat"]),
    ):
        wait_until_the_worker_was_woken(f"http://127.0.0.1:{port}", server, **FROM_THE_PROXY)
        examined = production.manage("doctor", check=False).stdout

    assert [line for line in examined.splitlines() if line.startswith("WRONG")] == []
    assert examined.count("as others do.") == 1


@pytest.mark.postgresql
@pytest.mark.redis
def test_the_container_health_check_tells_well_from_ill(production):
    port = free_port()
    ask = [sys.executable, "deploy/healthcheck.py"]

    with production.running(command_of("web"), PARLEY_BIND=f"127.0.0.1:{port}") as server:
        wait_for(f"http://127.0.0.1:{port}/health/", server, **FROM_THE_PROXY)
        with production.running(ask, UVICORN_PORT=str(port)) as well:
            well.wait()
    with production.running(ask, UVICORN_PORT=str(port)) as ill:
        ill.wait()

    assert (well.returncode, ill.returncode) == (0, 1)


def test_every_service_of_ours_runs_hardened_and_on_the_image():
    for name in OF_PARLEY:
        service = COMPOSE["services"][name]
        hardened = (service["read_only"], service["cap_drop"], service["security_opt"])

        assert hardened == (True, ["ALL"], ["no-new-privileges:true"]), name


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]
    assert [name for name, service in COMPOSE["services"].items() if service.get("networks") == ["inside"]] == [
        "postgres",
        "redis",
    ]


def test_the_proxy_sends_sockets_and_pages_their_ways():
    ways = [
        line.split() for line in (ROOT / "deploy" / "Caddyfile").read_text().splitlines() if "reverse_proxy" in line
    ]

    assert ways == [["reverse_proxy", "/ws/*", "sockets:8000"], ["reverse_proxy", "web:8000"]]


def test_the_example_names_all_that_production_and_compose_ask_for():
    lines = (ROOT / "deploy" / ".env.example").read_text().splitlines()
    named = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}

    assert {"PARLEY_URL", "PARLEY_SECRET_KEY", "PARLEY_MFA_KEY", "POSTGRES_PASSWORD", "EMAIL_URL"} <= named
    assert not {"DATABASE_URL", "REDIS_URL"} & named
