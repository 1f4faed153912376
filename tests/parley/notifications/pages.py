"""A page's end of the socket. (Channels' own communicator needs daphne, which we don't use.)"""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

from parley.routing import sockets

SECONDS = 5.0


class Page(ApplicationCommunicator):
    def __init__(self, headers: list[tuple[bytes, bytes]], address: str = "/ws/updates/") -> None:
        scope = {"type": "websocket", "path": address, "query_string": b"", "headers": headers, "subprotocols": []}
        super().__init__(sockets, scope)

    async def connect(self) -> bool:
        """Whether the handshake was accepted."""
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(SECONDS))["type"] == "websocket.accept"

    async def send(self, frame: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": frame})

    async def watch(self, *topics: str) -> None:
        await self.send(json.dumps({"type": "watch", "topics": topics}))

    async def heard(self) -> Any:
        """The next message."""
        message = await self.receive_output(SECONDS)
        assert message["type"] == "websocket.send", message
        return json.loads(message["text"])

    async def closed_with(self) -> int:
        """The code of the close, which must be what comes next."""
        message = await self.receive_output(SECONDS)
        assert message["type"] == "websocket.close", message
        return int(message["code"])

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1001})
        await self.wait(SECONDS)
