"""Pages and sockets in one process (the embedded way); behind a proxy, sockets alone reach it (production)."""

import os
import warnings
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings.dev")
pages = get_asgi_application()

from asgiref.sync import sync_to_async  # noqa: E402 (these need the app registry)
from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.conf import settings  # noqa: E402

from parley.celery import app as celery_app  # noqa: E402
from parley.notifications.embedded import Motor  # noqa: E402
from parley.routing import sockets  # noqa: E402

# Small files are read whole, in a thread: what the warning asks for would bring nothing here, and production gives its
# pages and files by WSGI.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")


class Lifespan:
    """ASGI's lifespan: where there is no worker of its own, the server brings one."""

    def __init__(self) -> None:
        self.motor = Motor(celery_app) if settings.EMBEDDED else None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def start(self) -> None:
        if self.motor:
            await sync_to_async(self.motor.start)()
            # Mail that waited while the server was down goes at once, not at beat's first knock.
            celery_app.send_task("notifications.tick")

    async def stop(self) -> None:
        if self.motor:
            await sync_to_async(self.motor.stop)()


application = ProtocolTypeRouter({"http": pages, "websocket": sockets, "lifespan": Lifespan()})
