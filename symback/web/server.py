"""The server of the page: it answers this machine alone, each question in a process that can be killed.

Only POST with JSON asks anything, and only from the page itself: a foreign Host or Origin is refused, so that no other
page in the same browser can ask, nor one whose name has been pointed at this machine.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from symback.errors import SymbackError, UsageError
from symback.problems.registry import ALSO_CALLED, names
from symback.web.assets import assets, policy
from symback.web.desk import Desk, Full
from symback.web.side import JSON, NAMES, Reply, refused

LARGEST = 64 << 10  # bytes of a body
SLOWEST = 10.0  # seconds for a body to arrive
LOCAL = ("127.0.0.1", "localhost", "[::1]")
LOG = logging.getLogger("symback.web")

HEADERS = {
    "content-security-policy": policy() + "; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class NotAnswered(Exception):
    """A request that is refused before it becomes a question."""

    def __init__(self, status: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.hint = status, message, hint


def application(desk: Desk, hosts: Iterable[str] = ()) -> Starlette:
    """Return the server as an application of ASGI; `hosts` are its names besides those of this machine."""
    known = frozenset((*LOCAL, *(host.lower() for host in hosts)))

    async def page(request: Request) -> Response:
        name = request.path_params.get("name") or "index.html"
        if name not in assets():
            raise NotAnswered(404, "There is no such page.")
        asset = assets()[name]
        return Response(asset.content, media_type=asset.type, headers={"cache-control": "no-cache"})

    async def ask(request: Request) -> Response:
        where, name = request.path_params["where"], request.path_params["name"]
        known_here = {"side": NAMES, "api": (*names(), *ALSO_CALLED)}.get(where, ())
        if name not in known_here:
            hint = f"The kinds are {', '.join(names())}." if where == "api" else ""
            raise NotAnswered(404, "There is no such question.", hint)
        body = await _body(request)
        try:
            reply = await asyncio.wrap_future(desk.ask(f"{where}/{name}", body))
        except Full:
            raise NotAnswered(503, "Too many questions wait.", "Ask again in a moment.") from None
        headers = {"content-disposition": f'attachment; filename="{reply.file}"'} if reply.file else {}
        return Response(reply.content, reply.status, {**headers, "cache-control": "no-store"}, media_type=reply.type)

    routes = [
        Route("/", _guarded(page, known), methods=["GET"]),
        Route("/{where:str}/{name:str}", _guarded(ask, known), methods=["POST"]),
        Route("/{name:str}", _guarded(page, known), methods=["GET"]),
    ]
    return Starlette(routes=routes, exception_handlers={404: _missing, 405: _wrong_method})


# --- what is refused ------------------------------------------------------------------------------------------------

Handler = Callable[[Request], Awaitable[Response]]


def _guarded(handle: Handler, hosts: frozenset[str]) -> Handler:
    """Return a handler that refuses foreign requests, words every refusal, and logs a line for each request."""

    async def guarded(request: Request) -> Response:
        start = perf_counter()
        try:
            _look_at_headers(request, hosts)
            response = await handle(request)
        except NotAnswered as error:
            response = _said(error)
        except ClientDisconnect:
            response = Response(status_code=400)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        _log(request, response.status_code, perf_counter() - start)
        return response

    return guarded


def _look_at_headers(request: Request, hosts: frozenset[str]) -> None:
    host = request.headers.get("host", "").lower()
    if _name_in(host) not in hosts:
        hint = "Name the host with --host-name, if it is yours."
        raise NotAnswered(403, "This server does not answer to that name.", hint)
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin.lower()).netloc != host:
        raise NotAnswered(403, "Another page may not ask this server.")
    is_foreign = request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    if is_foreign and request.method == "POST":
        raise NotAnswered(403, "Another page may not ask this server.")


def _name_in(host: str) -> str:
    """Return the name in a Host header, without the port.

    >>> _name_in("localhost:8000"), _name_in("[::1]:80"), _name_in("evil.example")
    ('localhost', '[::1]', 'evil.example')
    """
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


async def _body(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise NotAnswered(415, "A question is JSON.", "Send it with the header Content-Type: application/json.")
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > LARGEST:
        raise _too_large()
    try:
        return await asyncio.wait_for(_read(request), SLOWEST)
    except TimeoutError:
        raise NotAnswered(408, "The body did not arrive in time.") from None


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise _too_large()
    return bytes(body)


def _too_large() -> NotAnswered:
    return NotAnswered(413, f"A question has at most {LARGEST >> 10} KiB.", "Make it shorter, or use the command line.")


async def _missing(request: Request, error: Exception) -> Response:
    return _finished(request, NotAnswered(404, "There is no such page."))


async def _wrong_method(request: Request, error: Exception) -> Response:
    return _finished(request, NotAnswered(405, "A page is read with GET, and a question asked with POST."))


def _finished(request: Request, error: NotAnswered) -> Response:
    response = _said(error)
    response.headers.update(HEADERS)
    _log(request, error.status, 0.0)
    return response


def _said(error: NotAnswered) -> Response:
    reply: Reply = refused(UsageError(error.message, hint=error.hint), plain=True)
    return Response(reply.content, error.status, media_type=JSON)


def _log(request: Request, status: int, seconds: float) -> None:
    """Log one line: what was asked for, never what the question was, nor a path that somebody made up."""
    parts = request.url.path.strip("/").split("/")
    known = {"", "api", "side", *names(), *ALSO_CALLED, *NAMES, *assets()}
    path = "/".join(part if part in known else "?" for part in parts[:2])
    method = request.method if request.method in ("GET", "HEAD", "POST") else "?"
    LOG.info("%s /%s %d %d ms", method, path, status, round(1000 * seconds))


# --- running --------------------------------------------------------------------------------------------------------


def serve(host: str, port: int, hosts: Sequence[str] = (), jobs: int = 0, started: Callable[[], Any] = bool) -> None:
    """Answer until the process is told to stop; questions that are being worked are finished first."""
    import uvicorn

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    LOG.setLevel(logging.INFO)
    desk = Desk(jobs)
    config = uvicorn.Config(
        application(desk, (host, *hosts)),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=LARGEST,
        limit_concurrency=1000,
        lifespan="off",
        ws="none",
    )
    server = _server(config, started)
    desk.start()
    try:
        server.run()
    except (OSError, SystemExit) as error:
        raise SymbackError(f"Port {port} cannot be used.", hint="Choose another with --port.") from error
    finally:
        desk.stop()


def _server(config: Any, started: Callable[[], Any]) -> Any:
    """Return a server that says when it answers; uvicorn is imported when it is used."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                started()

    return Server(config)
