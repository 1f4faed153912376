"""Structured logs: an event's name and identifiers, one JSON object a line, with the id of the request it belongs to.

Logs are read by people who may read no text and by systems nobody audits. So: addresses, tokens, codes and the words of
exceptions never pass, also not from other people's libraries, and of the fields only those of a short list.
"""

import logging
import re
import traceback
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from structlog.typing import EventDict

from parley.access import new_id

WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
HEADER = "X-Request-ID"

# Fields an event may carry: identifiers, states, counts. Whatever else a call passes is left out.
FIELDS = {
    *("event", "level", "logger", "timestamp", "request_id", "task", "exception"),
    *("kind", "chain", "state", "status", "reason", "method", "path", "port", "count", "seconds", "attempts"),
    *("user", "programme", "group", "document", "passage", "release", "publication", "motion", "meeting", "delivery"),
}
# Of these we choose the values ourselves: names of kinds, tasks, classes. The rest may come from anywhere.
OUR_WORDS = {"timestamp", "level", "logger", "request_id", "exception", "kind", "task", "state", "reason"}
QUERY = re.compile(r"\?[^\s\"']*")
ADDRESS = re.compile(r"[^\s<>\"'@]+@[^\s<>\"'@]+\.[^\s<>\"'@]+")
# Public identifiers have twelve characters; what is longer and unbroken is a token or a hash of one.
TOKEN = re.compile(r"[A-Za-z0-9_\-]{20,}(?:[:.][A-Za-z0-9_\-]+)*")


def current_request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def well_formed_or_new(request_id: str) -> str:
    """A caller's own id is kept if it can't forge a log line."""
    return request_id if WELL_FORMED.fullmatch(request_id) else new_id()


class RequestId:
    """Middleware: every answer and every log line of a request carry its id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = well_formed_or_new(request.headers.get(HEADER, ""))
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response


def redacted(text: str) -> str:
    text = QUERY.sub("?…", text)
    text = ADDRESS.sub("[address]", text)
    return TOKEN.sub("[token]", text)


def without_words(logger: Any, method: str, event: EventDict) -> EventDict:
    """Processor: the fields of the list, each string without query, address and token."""
    kept = {name: value for name, value in event.items() if name in FIELDS or name.startswith("_")}
    return {n: redacted(v) if isinstance(v, str) and n not in OUR_WORDS else v for n, v in kept.items()}


def places_of_exception(logger: Any, method: str, event: EventDict) -> EventDict:
    """Processor: where it happened and what kind of failure, not its message, which may quote a text."""
    info = event.pop("exc_info", None)
    record = event.get("_record")
    info = info or (record.exc_info if record is not None else None)
    if isinstance(info, tuple) and info[0] is not None:
        frames = traceback.extract_tb(info[2])
        event["exception"] = [info[0].__name__, *(f"{f.filename}:{f.lineno} {f.name}" for f in frames)]
    return event


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def formatter() -> logging.Formatter:
    """For `LOGGING`: readable where mail goes to a page (development), JSON without words everywhere else."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return readable() if hasattr(settings, "MAILBOX") else structured()


def readable() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _console()],
    )


def _console() -> structlog.dev.ConsoleRenderer:
    """Tracebacks without the values of variables: there the words of texts would stand."""
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)


def structured() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            places_of_exception,
            without_words,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
