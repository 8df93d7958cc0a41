"""A server on this machine that gives time stamps, or does what a test wants instead."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Reply = Callable[[bytes], bytes]


@dataclass
class Server:
    """What it answers a query with, and how; ``asked`` are the queries it got with their headers."""

    url: str
    reply: Reply
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


class _Quiet(ThreadingHTTPServer):
    """Says nothing of clients that leave early."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def serving(reply: Reply, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run one while the block lasts, behind TLS where it has a context."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            server.asked.append((self.path, dict(self.headers), query))
            body = server.reply(query)
            self.send_response(server.status)
            for name, value in server.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                return  # whoever asked has gone

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    listening = _Quiet(("127.0.0.1", 0), Handler)
    if context is not None:
        listening.socket = context.wrap_socket(
            listening.socket, server_side=True, do_handshake_on_connect=False
        )
    scheme = "http" if context is None else "https"
    server = Server(f"{scheme}://127.0.0.1:{listening.server_port}/tsr", reply)
    thread = Thread(target=listening.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
