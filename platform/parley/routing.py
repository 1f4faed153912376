"""Socket routes. Each consumer reads the session itself and asks the rules before it listens to anything."""

from channels.routing import URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.urls import path

from parley.notifications.consumers import UpdatesConsumer
from reports.live.consumer import SectionConsumer

socket_routes = [
    path("ws/updates/", UpdatesConsumer.as_asgi(), name="updates_socket"),
    path("ws/section/<slug:section>/", SectionConsumer.as_asgi(), name="section_socket"),
]

# The full origin, scheme and port too: a host name alone lets other ports in.
sockets = OriginValidator(URLRouter(socket_routes), settings.CSRF_TRUSTED_ORIGINS)
