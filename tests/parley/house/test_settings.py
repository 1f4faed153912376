"""Production refuses to start half configured; one address gives hosts, origins and cookies."""

import json
import subprocess
import sys

import pytest

from .instances import ROOT, surroundings

WHOLE = {
    "DJANGO_SETTINGS_MODULE": "parley.settings.prod",
    "PARLEY_URL": "https://parley.example.org",
    "PARLEY_SECRET_KEY": "s" * 64,
    "PARLEY_MFA_KEY": "m" * 64,
    "DATABASE_URL": "postgres://parley@db.example.org/parley",
    "REDIS_URL": "redis://redis.example.org:6379/0",
}


def settings_with(names: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own and print the named ones as JSON."""
    words = (
        f"import json; from django.conf import settings; print(json.dumps([getattr(settings, n) for n in {names!r}]))"
    )
    return subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, env=surroundings(**environment), capture_output=True, text=True
    )


def test_production_starts_when_everything_is_set():
    done = settings_with(["DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"], **WHOLE)

    assert json.loads(done.stdout) == [False, ["parley.example.org"], ["https://parley.example.org"]]


@pytest.mark.parametrize("name", ["PARLEY_SECRET_KEY", "PARLEY_MFA_KEY", "PARLEY_URL", "DATABASE_URL"])
def test_production_refuses_to_start_without(name):
    done = settings_with(["DEBUG"], **{key: value for key, value in WHOLE.items() if key != name})

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "django.core.exceptions.ImproperlyConfigured: "
        f"Set {name} before starting Parley in production (docs/deploy.md says how)."
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PARLEY_SECRET_KEY", "only-for-trying-parley-on-this-machine"),
        ("PARLEY_MFA_KEY", "short"),
        ("PARLEY_URL", "http://parley.example.org"),
    ],
)
def test_production_refuses_weak_values(name, value):
    done = settings_with(["DEBUG"], **WHOLE | {name: value})

    assert done.returncode == 1
    assert f"Set {name} before starting Parley in production" in done.stderr


def test_cookies_of_a_site_with_tls_belong_to_its_host_alone():
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]

    done = settings_with(names, **WHOLE)

    assert json.loads(done.stdout) == ["__Host-session", "__Host-csrf", True, True]


def test_a_second_instance_lies_beside_the_first_and_keeps_its_own_cookies(tmp_path):
    named = {"DJANGO_SETTINGS_MODULE": "parley.settings.dev", "PARLEY_URL": "http://localhost:8001"}

    done = settings_with(
        ["DATABASES", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"], **named, PARLEY_DATA=str(tmp_path / "second")
    )

    databases, session, csrf = json.loads(done.stdout)
    assert databases["default"]["NAME"] == str(tmp_path / "second" / "parley.sqlite3")
    assert (session, csrf) == ("session-8001", "csrf-8001")


def test_without_redis_everything_lives_in_one_process():
    done = settings_with(["EMBEDDED", "CELERY_BROKER_URL"], DJANGO_SETTINGS_MODULE="parley.settings.dev")

    assert json.loads(done.stdout) == [True, "memory://localhost/"]
