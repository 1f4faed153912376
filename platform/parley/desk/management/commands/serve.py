import os
import socket
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from parley.desk.demo import PROGRAMME
from parley.programmes.models import Programme
from parley.settings.environment import PARLEY_URL, ROOT

HERE = "127.0.0.1"
SOCKETS = ["--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--ws-max-size", "1100000"]
QUIET = ["--no-access-log", "--no-server-header", "--log-level", "warning", "--timeout-graceful-shutdown", "5"]


class Command(BaseCommand):
    help = (
        "Starts Parley on this machine alone: pages, sockets and mail in one process, with the demo in a new database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-demo", action="store_true", help="leave a new database empty")

    def handle(self, *, port: int, no_demo: bool, **options: Any) -> None:
        self.refuse_a_taken(port)
        self.stdout.write("Tables, styles and, in a new database, the demo programme: a moment …")
        call_command("migrate", verbosity=0, interactive=False)
        if settings.EMBEDDED:
            call_command("createcachetable", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        if settings.DEMO_ALLOWED and not no_demo and self.holds_the_demo_or_nothing():
            call_command("demo")
        self.welcome()
        self.become_the_server(port)

    def holds_the_demo_or_nothing(self) -> bool:
        """The demo is made once, and never beside programmes that people have begun."""
        return not Programme.objects.exists() or Programme.objects.filter(name=PROGRAMME).exists()

    def refuse_a_taken(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HERE, port))
            except OSError as taken:
                raise CommandError(
                    f"Port {port} is taken. A second Parley beside it: make run PORT={port + 1} PARLEY_DATA=data-2"
                ) from taken

    def welcome(self) -> None:
        self.stdout.write(f"\nParley is at {PARLEY_URL}  (Ctrl+C ends it)")
        self.stdout.write(f"Its data is in {settings.DATABASES['default']['NAME']}; `manage.py doctor` looks it over.")
        self.stdout.flush()

    def become_the_server(self, port: int) -> None:
        """Replace this process, so that Ctrl+C and a supervisor reach the server itself."""
        surroundings = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")])}
        if not settings.EMBEDDED:
            subprocess.Popen([sys.executable, "-m", "parley.desk.companion"], env=surroundings)
        server = [sys.executable, "-m", "uvicorn", "parley.asgi:application", "--host", HERE, "--port", str(port)]
        os.execve(sys.executable, server + SOCKETS + QUIET, surroundings)  # noqa: S606 (ourselves)
