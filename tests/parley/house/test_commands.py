"""The commands that the README promises, and what stands behind them."""

import itertools
import re
import subprocess
import sys

import pytest
from _pytest.mark.expression import Expression

from tests import run, services
from tests.services import free_port

from .instances import ROOT, an_instance, answer, surroundings, wait_for

MARKS = ("postgresql", "redis", "both_databases", "browser", "deep")


def make(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *words], cwd=ROOT, env=surroundings(), capture_output=True, text=True)


def test_help_names_every_command_of_the_documents():
    named = set(re.findall(r"^  make (\w+)", make("help").stdout, re.MULTILINE))
    documents = (ROOT / "README.md").read_text() + (ROOT / "docs" / "development.md").read_text()

    assert set(re.findall(r"\bmake ([a-z]+) {2}", documents)) <= named
    assert {"setup", "run", "test", "lint", "deep", "acceptance", "bench"} <= named


def test_acceptance_ends_badly_without_its_report():
    done = make("acceptance", "REPORT=no/such/report.json")

    assert done.returncode == 2
    assert "There is no report at no/such/report.json" in done.stderr


def test_ci_runs_lint_tests_long_runs_and_acceptance_with_services_required():
    words = (ROOT / ".ci" / "run").read_text()

    assert re.findall(r"^stage \w+ (make \w+)$", words, re.MULTILINE) == [
        "make setup",
        "make lint",
        "make test",
        "make deep",
        "make acceptance",
    ]
    assert words.index("export PARLEY_REQUIRE_SERVICES=1") < words.index("stage lint")


@pytest.mark.parametrize("lock", ["base", "dev"])
def test_lock_files_hold_hashes_and_name_no_host(lock):
    words = (ROOT / "requirements" / f"{lock}.txt").read_text()
    packages = re.findall(r"^([\w.-]+(?:\[[\w,]+\])?)==", words, re.MULTILINE)

    assert len(packages) > 40
    assert len(re.findall(r"^[\w.-]+.*\\\n    --hash=sha256:", words, re.MULTILINE)) == len(packages)
    assert not re.search(r"https?://|index-url|find-links", words)


@pytest.mark.parametrize("marks", [c for n in range(3) for c in itertools.combinations(MARKS, n)], ids="-".join)
def test_every_test_belongs_to_a_run(marks):
    runs = [run.QUICK, run.SERVED, run.DEEP]
    taken = [one.title for one in runs if Expression.compile(one.tests).evaluate(lambda name, **_: name in marks)]

    if "browser" in marks and "deep" not in marks:
        assert taken == []  # they lie in tests/browser, which a run of its own takes whole
    elif "both_databases" in marks and not {"postgresql", "redis", "deep"} & set(marks):
        assert taken == [run.QUICK.title, run.SERVED.title]
    else:
        assert len(taken) == 1


def test_a_test_that_needs_postgresql_says_so_where_there_is_none(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)

    assert services.why_not(["postgresql"]) == "needs PostgreSQL: `make test` runs it, or set DATABASE_URL"
    assert services.why_not(["django_db"]) is None


def test_the_tests_never_use_the_redis_database_of_a_site(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://localhost:6379/0")
    monkeypatch.delenv("TEST_REDIS_URL", raising=False)
    services.redis_url.cache_clear()

    found = services.redis_url()

    services.redis_url.cache_clear()
    assert found is None or found.endswith("/15")


def test_serve_fills_a_new_database_and_answers(tmp_path):
    port = free_port()
    with (
        an_instance(tmp_path / "first", PARLEY_URL=f"http://localhost:{port}") as site,
        site.running(serve(port)) as server,
    ):
        page, words = wait_for(f"http://localhost:{port}/account/login/", server)
        health, told = answer(f"http://localhost:{port}/health/")
        taken = site.manage("serve", "--port", str(port), check=False)

    assert (page, "<h1" in words) == (200, True)
    assert (health, '"database": true' in told) == (200, True)
    assert taken.returncode == 1
    assert f"Port {port} is taken" in taken.stderr


def serve(port: int) -> list[str]:
    return [sys.executable, "manage.py", "serve", "--no-demo", "--port", str(port)]
