"""The console entry: the front page at once, everything else through `symback.cli`.

Start-up time is part of the product, so nothing is loaded before it is needed.
"""

from __future__ import annotations

import gc
import os
import sys

MEMORY_LIMIT = 1 << 30  # bytes for the whole process


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code."""
    if arguments in ([], ["-h"], ["--help"]) and "_SYMBACK_COMPLETE" not in os.environ:
        from symback.front_page import front_page

        sys.stdout.write(front_page())
        return 0
    if arguments == ["--version"]:
        from symback import __version__

        sys.stdout.write(f"symback {__version__}\n")
        return 0
    from symback import cli

    return cli.run(arguments)


def console() -> None:
    """Run the command line in a process of its own, and end that at once.

    Taking SymPy's modules apart one by one at exit costs a fifth of a short run, and nothing here needs it.
    """
    for name in ("stdin", "stdout", "stderr"):  # a shell may have closed one, as `>&-` does
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115
    gc.disable()  # until the engine is loaded, see symback.cli.load_engine
    limit_memory(MEMORY_LIMIT)
    try:
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        code = 0
    except OSError as error:  # the front page on a full disk; commands tell it themselves
        sys.stderr.write(f"Error: The answer cannot be written: {error.strerror or error}.\n")
        code = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            pass  # the reader has gone, as `head` does
        except (OSError, ValueError):
            code = code or 1
    os._exit(code)


def limit_memory(size: int) -> None:
    """Hold the process to `size` bytes, where the system knows how to."""
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))
    except (ImportError, AttributeError, OSError, ValueError):
        return


if __name__ == "__main__":
    console()
