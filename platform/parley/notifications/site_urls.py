"""Addresses of this part that lie at the top of the site: health, and the mailbox of the embedded way."""

from django.urls import path

from . import health, mailbox

urlpatterns = [
    path("health/", health.ready, name="health"),
    path("health/live/", health.live, name="health_live"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
]
