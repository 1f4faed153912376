"""A mail server that keeps what it took (RFC 5321, as much as the tests need)."""

import asyncio
import email
import email.policy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class Sink:
    """`taken` are the mails it acknowledged; `refusing` maps an address to the answer it gets instead of 250."""

    port: int = 0
    slowness: float = 0.0
    taken: list[EmailMessage] = field(default_factory=list)
    refusing: dict[str, str] = field(default_factory=dict)
    sessions: int = 0

    @classmethod
    @contextmanager
    def running(cls, slowness: float = 0.0) -> Iterator["Sink"]:
        sink, ready = cls(slowness=slowness), threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(sink.serve(ready)), daemon=True)
        thread.start()
        ready.wait()
        try:
            yield sink
        finally:
            sink.loop.call_soon_threadsafe(sink.stop.set)
            thread.join(10)

    async def serve(self, ready: threading.Event) -> None:
        self.loop, self.stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self.converse, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self.stop.wait()
        server.close()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sessions += 1
        try:
            await self._answer(writer, "220 sink")
            while line := (await reader.readline()).decode().strip():
                await self._answer(writer, await self._obey(line, reader, writer))
                if line.upper() == "QUIT":
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # its worker was killed
        finally:
            writer.close()

    async def _obey(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        address = line[line.find("<") + 1 : line.find(">")]
        if line.upper().startswith("RCPT") and address in self.refusing:
            return self.refusing[address]
        if line.upper() != "DATA":
            return "250 ok"
        await self._answer(writer, "354 go on")
        mail = (await reader.readuntil(b"\r\n.\r\n"))[:-3]
        await asyncio.sleep(self.slowness)
        self.taken.append(email.message_from_bytes(mail.replace(b"\r\n..", b"\r\n."), policy=email.policy.default))
        return "250 taken"

    async def _answer(self, writer: asyncio.StreamWriter, line: str) -> None:
        writer.write(f"{line}\r\n".encode())
        await writer.drain()
