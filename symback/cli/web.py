"""The commands of the page in the browser: a server on this machine, and a static folder for any web space."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import click

from symback.cli import output
from symback.cli.arguments import CONTEXT
from symback.errors import SymbackError
from symback.front_page import COMMANDS


@click.command("serve", short_help=COMMANDS["serve"], context_settings=CONTEXT)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Where to listen.")
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS",
              help="The address to listen on; 0.0.0.0 lets other machines ask.")  # fmt: skip
@click.option("--host-name", "names", multiple=True, metavar="NAME",
              help="A name by which others reach this server, as in --host-name maths.example.org.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1, 64), default=None, help="Questions at once.  [default: usable cores]")
def serve(port: int, opens: bool, host: str, names: tuple[str, ...], jobs: int | None) -> Callable[[], int]:
    """Show the page in the browser, from this machine alone.

    \b
    symback serve --open
    symback serve --port 9000
    symback serve --host 0.0.0.0 --host-name maths.example.org

    Each question runs in a process of its own, with 5 s of processor time and 1 GiB. Ctrl-C stops the server.
    """
    if not (find_spec("starlette") and find_spec("uvicorn")):
        raise click.UsageError('symback serve needs starlette and uvicorn: pip install "symback[web]"')
    return partial(_serve, port, opens, host, names, jobs)


def _serve(port: int, opens: bool, host: str, names: tuple[str, ...], jobs: int | None) -> int:
    from symback.cli.solve import usable_cores
    from symback.web.server import serve as run

    shown = "localhost" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
    address = f"http://{shown}:{port}/"

    def started() -> None:
        click.echo(f"symback is at {address} (Ctrl-C stops it)", err=True)
        if not _is_of_this_machine(host):
            output.note("other machines can ask this server")
        if opens:
            import webbrowser

            webbrowser.open(address)

    _without_memory_limit()
    run(host, port, names, jobs or usable_cores(), started)
    return 0


def _without_memory_limit() -> None:
    """Let the process itself have what it needs; each question has its own limit."""
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    except (ImportError, OSError, ValueError):
        return


def _is_of_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@click.command("site", short_help=COMMANDS["site"], context_settings=CONTEXT)
@click.option("--out", required=True, metavar="DIR", help="The folder to write; created if missing.")
@click.option("--pyodide", metavar="DIR", help="A folder with Pyodide (pyodide.mjs, pyodide.asm.wasm, ...).")
def site(out: str, pyodide: str | None) -> Callable[[], int]:
    """Write the page as a static folder that runs symback in the browser, for any web space.

    \b
    npm install pyodide@314
    symback site --out public --pyodide node_modules/pyodide
    python3 -m http.server --directory public
    """
    return partial(_site, out, pyodide)


def _site(out: str, pyodide: str | None) -> int:
    from symback.web.site import write_site

    _without_memory_limit()  # Node, which compiles the modules, reserves more than it uses
    try:
        written = write_site(Path(out), Path(pyodide) if pyodide else None)
    except SymbackError as error:
        click.echo(output.in_words(error), err=True)
        return error.exit_code
    for remark in written.notes:
        output.note(remark)
    click.echo(f"{written.files} files, {written.size / 1e6:.1f} MB in {out}", err=True)
    return 0
