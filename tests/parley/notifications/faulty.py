"""The site's Celery, with the kind of notice that these runs announce, and with leases that lapse while one watches."""

from parley.celery import app

app.conf.imports = ("tests.parley.notifications.told", "tests.parley.notifications.short_leases")
