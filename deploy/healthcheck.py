"""Asks this container's own server whether it is well, under the name that the site answers to."""

import os
import sys
import urllib.request
from urllib.parse import urlsplit

PORT = os.environ.get("UVICORN_PORT", "8000")
HOST = urlsplit(os.environ["PARLEY_URL"]).hostname or ""


def main() -> int:
    question = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/health/", headers={"Host": HOST, "X-Forwarded-Proto": "https"}
    )
    with urllib.request.urlopen(question, timeout=4) as answer:  # noqa: S310 (our own server)
        return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
