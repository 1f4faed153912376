"""A measured process: a whole site behind its WSGI door, asked one case at a time (JSON, a line each way).

It has the site to itself as a gunicorn worker has, without the socket. What is told is the processor time of the whole
process, threads included; the database's and Redis's own time is not in it, on neither side of a comparison.
"""

import io
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

HOST = "bench.example"
CSRF = "c" * 32
TRANSACTION_MARKS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    cookies: dict[str, str]


@dataclass
class Browser:
    """Sends requests to the application of this process; keeps no cookies but those it is given."""

    application: Callable[..., Any]
    cookies: dict[str, str] = field(default_factory=dict)
    csrf_cookie: str = "csrftoken"

    def get(self, path: str, **headers: str) -> Answer:
        return self._send("GET", path, b"", headers)

    def post(self, path: str, form: dict[str, str], **headers: str) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": CSRF, **form}).encode()
        return self._send("POST", path, body, {"HTTP_ORIGIN": f"https://{HOST}", **headers})

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        path, _, query = path.partition("?")
        cookies = {self.csrf_cookie: CSRF, **self.cookies}
        surroundings = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": HOST,
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_ACCEPT_LANGUAGE": "en",
            "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **headers,
        }
        begun: list[Any] = []
        parts = self.application(surroundings, lambda status, headers, exc_info=None: begun.extend([status, headers]))
        try:
            content = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        status, pairs = begun
        given = [value.split(";")[0].partition("=") for name, value in pairs if name.lower() == "set-cookie"]
        cookies = {name: value for name, _, value in given}
        return Answer(int(status[:3]), {name.lower(): value for name, value in pairs}, content, cookies)


@dataclass(frozen=True)
class Case:
    """`act` is measured and answers with what it got; `before` is not measured.

    `wanted` and `leads_to` (a part of a redirect's address) prove that it was done.
    """

    act: Callable[[], Answer]
    before: Callable[[], None] = lambda: None
    wanted: int = 200
    leads_to: str = ""

    def check(self, answer: Answer) -> None:
        leads_to = answer.headers.get("location", "")
        if answer.status != self.wanted or self.leads_to not in leads_to:
            raise RuntimeError(f"answered {answer.status} {leads_to}, not {self.wanted}: {answer.body[:600]!r}")


def signed_in(person: Any, backend: str) -> str:
    """A session of this person, as signing in leaves it; its key."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def run(case: Case, times: int, settle: Callable[[], None]) -> dict[str, Any]:
    """Milliseconds of processor for each time, and what came back."""
    spent = []
    for _ in range(times):
        case.before()
        began = time.process_time()
        answer = case.act()
        settle()
        spent.append((time.process_time() - began) * 1000)
        case.check(answer)
    return {"ms": spent, "bytes": len(answer.body)}


def count(case: Case, settle: Callable[[], None]) -> dict[str, Any]:
    """The statements that one act sends to the database."""
    from django.db import connection

    statements: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    case.before()
    with connection.execute_wrapper(note):
        answer = case.act()
        settle()
    case.check(answer)
    queries = [sql for sql in statements if not sql.startswith(TRANSACTION_MARKS)]
    return {"queries": queries, "marks": len(statements) - len(queries)}


def main() -> None:
    """`python -m bench.measured bench.ours`: `{"do": "run", "case": …, "times": …}`, `{"do": "count", …}` or "tell"."""
    module = import_module(sys.argv[1])
    cases, settle = module.cases(), module.settle
    for line in sys.stdin:
        order = json.loads(line)
        try:
            if order["do"] == "tell":
                answer = module.told()
            elif order["do"] == "run":
                answer = run(cases[order["case"]], order["times"], settle)
            else:
                answer = count(cases[order["case"]], settle)
        except Exception as failure:  # noqa: BLE001 (told to the one who asked, who goes on)
            answer = {"failure": f"{type(failure).__name__}: {failure}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
