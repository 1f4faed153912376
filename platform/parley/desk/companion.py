"""Worker and beat beside the server of `serve`, where a Redis is named. They end with it, however it ends."""

import os
import signal
import threading
import time

from parley.celery import app
from parley.settings.environment import DATA

WORDS = ["worker", "--beat", "--schedule", str(DATA / "beat"), "--queues", "celery,render", "--concurrency", "2"]


def end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=end_with, args=[os.getppid()], daemon=True).start()
    app.worker_main(WORDS)
