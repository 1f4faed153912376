"""`manage.py doctor` names what is wrong and how to mend it."""

import sys
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.utils import timezone

from parley.accounts import secrets_at_rest
from parley.accounts.models import User
from parley.desk import doctor
from parley.desk.doctor import Level, note, well, wrong
from parley.notifications import pulse
from parley.notifications.models import Delivery, DeliveryState, Heartbeat
from tests.services import free_port

from .instances import an_instance, wait_until_the_worker_was_woken


@pytest.mark.parametrize(
    ("url", "finding"),
    [
        ("https://parley.example.org", well("The site's address is https://parley.example.org.")),
        ("http://localhost:8000", note("The site answers at http://localhost:8000, on this machine only.")),
        (
            "http://parley.example.org",
            wrong(
                "The site's address is http://parley.example.org, without TLS.",
                "set PARLEY_URL to an https:// address.",
            ),
        ),
        (
            "https://parley.example.org/forum",
            wrong(
                "PARLEY_URL is https://parley.example.org/forum.",
                "write scheme and host only, such as https://parley.example.org.",
            ),
        ),
    ],
)
def test_address(at, url, finding):
    at(url)

    assert list(doctor.address()) == [finding]


@pytest.fixture
def at(monkeypatch):
    """Have the site answer at another address."""

    def move(url: str) -> None:
        monkeypatch.setattr(doctor, "PARLEY_URL", url)
        monkeypatch.setattr(doctor, "ADDRESS", urlsplit(url))
        monkeypatch.setattr(doctor, "SECURE_SITE", url.startswith("https://"))

    return move


def test_keys_that_everybody_knows_are_wrong_on_a_public_site(at, settings):
    at("https://parley.example.org")
    settings.SECRET_KEY = settings.MFA_KEY = "only-for-trying-parley-on-this-machine"

    assert list(doctor.secrets()) == [
        wrong(
            "The keys are those that everybody knows.",
            "set PARLEY_SECRET_KEY and PARLEY_MFA_KEY, each to `openssl rand -hex 32`.",
        )
    ]


def test_a_public_site_without_a_trusted_proxy_shares_one_limit(at, settings):
    at("https://parley.example.org")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0

    assert [finding.level for finding in doctor.proxies()] == [Level.WRONG]

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    assert list(doctor.proxies()) == []


@pytest.mark.django_db
def test_a_worker_that_stopped_is_named_with_the_time_it_was_last_seen():
    never = list(doctor.workers())
    pulse.beat(pulse.WORKER)
    lately = list(doctor.workers())
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=30))
    long_ago = list(doctor.workers())

    remedy = "start `worker` and `beat`, which wakes it (`make run` does)."
    assert never == [wrong("The worker was never seen: no mail goes out.", remedy)]
    assert lately == [well("Beat woke the worker 0 seconds ago.")]
    assert long_ago == [wrong("The worker was last seen 30 minutes ago: no mail goes out.", remedy)]


@pytest.mark.django_db
def test_mails_that_wait_and_mails_that_were_given_up_are_counted():
    hour_ago = timezone.now() - timedelta(hours=1)
    Delivery.objects.create(key="a", to="a@example.org", kind="code", next_at=hour_ago)
    Delivery.objects.create(key="b", to="b@example.org", kind="code", state=DeliveryState.DEAD)

    assert list(doctor.outbox()) == [
        wrong("1 mails have waited for over ten minutes.", "see to the worker and the mail server."),
        wrong("1 mails were given up.", "see to the addresses, then send them again from the system page."),
    ]


def test_a_mail_server_that_refuses_is_wrong(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    assert list(doctor.mail()) == [
        wrong(
            "The mail server 127.0.0.1:1: ConnectionRefusedError: [Errno 111] Connection refused.",
            "set EMAIL_URL anew.",
        )
    ]


@pytest.mark.django_db
def test_second_factors_kept_under_another_key_are_wrong(settings):
    person = User.objects.create_user("a@example.org")
    sealed = secrets_at_rest.encrypt("JBSWY3DPEHPK3PXP")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": sealed})

    read = list(doctor.second_factors())
    settings.MFA_KEY = "another key"
    unread = list(doctor.second_factors())

    assert read == [well("Second factors can be read.")]
    assert unread == [
        wrong("Second factors cannot be read: PARLEY_MFA_KEY is not the one they were kept under.", "set it back.")
    ]


def test_clocks_that_are_apart_are_wrong(monkeypatch):
    there = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    monkeypatch.setattr(doctor, "_other_clocks", lambda: iter([("PostgreSQL", there)]))

    with time_machine.travel(there + timedelta(seconds=90), tick=False):
        apart = list(doctor.clock())
    with time_machine.travel(there + timedelta(seconds=1), tick=False):
        together = list(doctor.clock())

    assert apart == [wrong("This machine's clock and PostgreSQL's are 90 seconds apart.", "keep time: chrony or NTP.")]
    assert together == [well("The clock says 2026-11-22 10:00:01 UTC, as others do.")]


def test_a_folder_that_cannot_be_written_is_wrong(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "below"

    assert next(doctor.files()).level is Level.WRONG


def test_a_check_that_breaks_is_a_finding_and_stops_no_other(monkeypatch):
    def broken():
        raise RuntimeError("the cable is out")

    monkeypatch.setattr(doctor, "CHECKS", [broken, doctor.address])

    assert [finding.level for finding in doctor.examine()] == [Level.WRONG, Level.NOTE]
    assert doctor.examine()[0].what == "broken: RuntimeError: the cable is out."


def test_doctor_names_what_an_unmade_site_lacks_and_finds_a_running_one_well(tmp_path):
    port = free_port()
    with an_instance(tmp_path / "site", PARLEY_URL=f"http://localhost:{port}") as site:
        unmade = site.manage("doctor", check=False)
        with site.running([sys.executable, "manage.py", "serve", "--no-demo", "--port", str(port)]) as server:
            wait_until_the_worker_was_woken(f"http://localhost:{port}", server)
            running = site.manage("doctor", check=False)

    assert unmade.returncode == 1
    assert "changes of the tables are not made. To mend: run `manage.py migrate`." in unmade.stdout
    assert "keeps nothing. To mend: run `manage.py createcachetable`." in unmade.stdout
    assert "To mend: run `manage.py collectstatic --noinput`." in unmade.stdout
    assert [line for line in running.stdout.splitlines() if line.startswith("WRONG")] == []
    assert running.returncode == 0
