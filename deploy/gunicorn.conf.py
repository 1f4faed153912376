"""How pages are served in production. Each figure may be set from outside by gunicorn's own GUNICORN_CMD_ARGS."""

import os

bind = os.environ.get("PARLEY_BIND", "0.0.0.0:8000")
# Threads, since a page waits for the database more than it computes; processes for the cores.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
# The proxy keeps its connections open: longer than its own idle time would only hold threads.
keepalive = 75
timeout = 60
graceful_timeout = 25
# Loaded once, shared by all processes: a third less memory.
preload_app = True
# What a library may leak goes with its process, at another moment for each of them.
max_requests = 5000
max_requests_jitter = 500
# A heartbeat file on a slow disk makes gunicorn end healthy workers.
worker_tmp_dir = "/dev/shm"
control_socket_disable = True
# Our own log says what happened, with the request's id and without addresses.
accesslog = None
loglevel = "warning"


def post_worker_init(worker):
    """Each process says that pages are served: from the gaps the site learns of its outages."""
    from parley.notifications.pulse import beat_for_pages

    beat_for_pages()
