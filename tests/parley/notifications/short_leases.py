"""Loaded by the workers of these runs, once the site is set up."""

from datetime import timedelta

from django.conf import settings

from parley.notifications import outbox

outbox.LEASE = timedelta(seconds=settings.LEASE_SECONDS)
