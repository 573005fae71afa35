"""A server for tests: `symback serve` as a process of its own, and requests to it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
# A process that was started in the background ignores Ctrl-C; the server of a test does not.
STARTED = (
    "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "runpy.run_module('symback', run_name='__main__')"
)
JSON = {"content-type": "application/json"}


class Server(NamedTuple):
    """A server that runs: its port, its process, and the file with what it says."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def send(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Return the status and the content of the reply."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body or None, {**JSON, **(headers or {})})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def ask(self, path: str, fields: Any) -> tuple[int, Any]:
        """Return the status and the object of the reply to a question."""
        status, content = self.send("POST", path, json.dumps(fields).encode())
        return status, json.loads(content)

    def workers(self) -> list[int]:
        """Return the numbers of the worker processes."""
        found = Path(f"/proc/{self.process.pid}/task")
        return [int(pid) for task in found.iterdir() for pid in (task / "children").read_text().split()]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Server]:
    """Start a server, wait until it answers, and stop it as Ctrl-C does."""
    port, log = free_port(), folder / "serve.log"
    command = [sys.executable, "-c", STARTED, "serve", "--port", str(port), "--jobs", "2", *options]
    with open(log, "wb") as said:
        process = subprocess.Popen(
            command, stderr=said, stdout=said, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
    server = Server(port, process, log)
    try:
        _wait(server)
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)
        process.kill()


def _wait(server: Server) -> None:
    for _ in range(600):
        if b"symback is at" in server.log.read_bytes():
            return
        assert server.process.poll() is None, server.log.read_text()
        with suppress(subprocess.TimeoutExpired):
            server.process.wait(timeout=0.1)
    raise AssertionError("the server does not start")
