"""A TCP proxy on loopback that makes a server slow."""

import asyncio
import contextlib
import threading
import time

# Pieces of a connection that wait for their time.
WAITING = 1000
PIECE = 1 << 16


class Proxy:
    """Passes everything on to a port of this machine; answers come `delay` seconds later."""

    def __init__(self, port):
        self.target = port
        self.delay = 0.0
        self.port = None
        self.loop = asyncio.new_event_loop()
        self.listening = threading.Event()
        self.thread = threading.Thread(target=self.go_on, daemon=True)

    def __enter__(self):
        self.thread.start()
        self.listening.wait()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def go_on(self):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self.connected, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self.listening.set()
        self.loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))

    async def connected(self, reader, writer):
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        ways = [self.pass_on(reader, server_writer, False), self.pass_on(server_reader, writer, True)]
        await asyncio.gather(*ways, return_exceptions=True)

    async def pass_on(self, reader, writer, is_delayed):
        """One direction; each piece waits for its own time, so that pieces behind one another are late but once."""
        waiting = asyncio.Queue(WAITING)
        sending = asyncio.ensure_future(self.send(waiting, writer))
        with contextlib.suppress(OSError):
            while piece := await reader.read(PIECE):
                await waiting.put((time.monotonic() + (self.delay if is_delayed else 0.0), piece))
        await waiting.put((0.0, b""))
        await sending

    async def send(self, waiting, writer):
        with contextlib.suppress(OSError):
            while True:
                due, piece = await waiting.get()
                if not piece:
                    break
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                writer.write(piece)
                await writer.drain()
        writer.close()
