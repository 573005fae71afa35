"""The page as a static folder that runs symback in the browser: Pyodide, and an archive of all that it imports there.

The archive holds compiled files where they can be made: Python 3.14 in Pyodide reads only what Python 3.14 has
compiled, so they are made by Pyodide itself in Node, or here where this Python is the same.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import lzma
import os
import py_compile
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from symback.errors import FileError, UsageError
from symback.web.assets import assets, policy

OF_PYODIDE = ("pyodide.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
EITHER = ("pyodide.asm.mjs", "pyodide.asm.js")  # by its version
ARCHIVE = "symback.zip.xz"
MARK = ".symback-site"  # stands in a folder that may be written again

PACKAGES = ("symback", "sympy", "mpmath", "markdown_it", "mdurl", "jinja2", "markupsafe")
LEFT_OUT = (
    r"(?:^|/)(?:tests|benchmarks|testing|__pycache__)/|\.(?:pyx|pyi|c|so|h|pyc)$"
    r"|^symback/(?:cli|batch)/|^symback/web/(?:page|server|desk|site)"
    r"|^symback/(?:front_page|__main__)\.py|^mpmath/libmp/exec_py3"
    r"|^sympy/(?:physics|holonomic|stats|crypto|categories|diffgeom|liealgebras|vector|sandbox|codegen|unify)/"
    r"|^sympy/plotting/pygletplot/(?!__init__)|^sympy/utilities/(?:codegen|autowrap|_compilation|matchpy_connector)"
    r"|^sympy/printing/(?:fortran|c|rust|llvmjitcode|theanocode|aesaracode|pytorch)\.py$"
    r"|^sympy/integrals/(?:intpoly|prde|rde|risch)\.py$|^sympy/matrices/(?:common|matrices)\.py$"
    r"|^sympy/parsing/(?:autolev|c|fortran|latex)/|^sympy/(?:abc|conftest|this|galgebra)\.py$"
)
KEEP_SOURCE = re.compile(r"^symback/problems/kinds/")  # the names of the kinds are those of these files


class Written(NamedTuple):
    """What was written: how many files, of how many bytes, and what is to be said about it."""

    files: int
    size: int
    notes: tuple[str, ...]


def write_site(out: Path, pyodide: Path | None) -> Written:
    """Write the folder; FileError where it cannot be written, or where Pyodide is not what it should be."""
    copied = _pyodide_files(pyodide) if pyodide else []
    _claim(out)
    notes = []
    archive, note = _archive(pyodide)
    notes += [note] if note else []
    if not pyodide:
        notes.append(f"Pyodide is not in the folder: copy it to {out / 'pyodide'}, as docs/web.md says.")
    try:
        for name, content in _page_files(archive, [f"pyodide/{one.name}" for one in copied]).items():
            (out / name).write_bytes(content)
        if copied:
            (out / "pyodide").mkdir(exist_ok=True)
        for one in copied:
            shutil.copyfile(one, out / "pyodide" / one.name)
    except OSError as error:
        raise FileError(f"{out} cannot be written: {error.strerror or error}.") from None
    files = [path for path in out.rglob("*") if path.is_file()]
    return Written(len(files), sum(path.stat().st_size for path in files), tuple(notes))


def _claim(out: Path) -> None:
    """Make the folder; one that holds other things than a site is left alone."""
    try:
        if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
            raise UsageError(f"{out} holds other files.", hint="Choose a new folder, or empty this one.")
        out.mkdir(parents=True, exist_ok=True)
        (out / MARK).write_text("Written by symback site.\n", encoding="utf-8")
    except OSError as error:
        raise FileError(f"{out} cannot be written: {error.strerror or error}.") from None


def _pyodide_files(folder: Path) -> list[Path]:
    wanted = [folder / name for name in OF_PYODIDE]
    either = [folder / name for name in EITHER if (folder / name).is_file()]
    missing = [path.name for path in wanted if not path.is_file()] + ([] if either else [EITHER[0]])
    if missing:
        hint = "Get it with `npm install pyodide@314`; it is then in node_modules/pyodide."
        raise FileError(f"{folder} is no folder of Pyodide: {', '.join(missing)} is missing.", hint=hint)
    return [*wanted, *either[:1]]


def _page_files(archive: bytes, others: list[str]) -> dict[str, bytes]:
    """Return the files of the page as a site has them, with the archive and what works without a network."""
    files = {name: asset.content for name, asset in assets().items()}
    files["index.html"] = _index(files["index.html"].decode()).encode()
    files[ARCHIVE] = _packed(archive)
    version = hashlib.sha256(b"".join(files[name] for name in sorted(files))).hexdigest()[:16]
    names = ["./", *sorted(set(files) - {"offline.js"}), *others]
    offline = files["offline.js"].decode().replace("symback-VERSION", f"symback-{version}")
    listed = ", ".join(f'"{name}"' for name in names)
    return files | {"offline.js": offline.replace('["FILES"]', f"[{listed}]").encode()}


def _index(page: str) -> str:
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(compiles=True)}">'
    page = page.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n{meta}')
    return page.replace('name="symback-side" content="serve"', 'name="symback-side" content="pyodide"')


# --- the archive ----------------------------------------------------------------------------------------------------


def _archive(pyodide: Path | None) -> tuple[bytes, str]:
    """Return the archive of all modules, and a note where they could not be compiled."""
    sources = dict(_sources())
    if pyodide:
        wanted = _python_of(pyodide)
        if wanted == sys.version_info[:2]:
            return _zipped(_compiled_here(sources)), ""
        if node := shutil.which("node"):
            return _compiled_by_pyodide(node, pyodide, _zipped(sources))
    why = "Node is not installed" if pyodide else "Pyodide was not given"
    return _zipped(sources), f"The modules are not compiled, because {why}: the page starts some seconds later."


def _sources() -> Iterator[tuple[str, bytes]]:
    """Yield the files of the packages that are used, by their names in the archive."""
    left_out = re.compile(LEFT_OUT)
    for package in PACKAGES:
        found = importlib.util.find_spec(package)
        if found is None or found.origin is None:
            continue
        root = Path(found.origin).parent
        for path in sorted(root.rglob("*")):
            name = f"{package}/{path.relative_to(root).as_posix()}"
            if path.is_file() and not left_out.search(name):
                yield name, path.read_bytes()
    for name in ("symback/web/page/icon.svg",):
        yield name, assets()["icon.svg"].content


def _zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content)
    return made.getvalue()


def _packed(archive: bytes) -> bytes:
    """Return an archive compressed as a whole, which is a third smaller than file by file: modules are much alike."""
    return lzma.compress(archive, preset=9)


def _compiled_here(sources: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files with each module compiled, under the name that Python finds without a source."""
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "module.py"), Path(folder, "module.pyc")
        for name, content in sources.items():
            if not name.endswith(".py") or KEEP_SOURCE.search(name):
                made[name] = content
                continue
            source.write_bytes(content)
            py_compile.compile(str(source), str(target), name, True, 2, _UNCHECKED)  # without docstrings
            made[name + "c"] = target.read_bytes()
    return made


_UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH


def _python_of(pyodide: Path) -> tuple[int, int]:
    """Return the version of Python that a Pyodide has, (0, 0) where it does not say."""
    text = (pyodide / "pyodide-lock.json").read_text(encoding="utf-8", errors="replace")
    found = re.search(r'"python":\s*"(\d+)\.(\d+)', text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


_COMPILE = """
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
const [folder, source, target] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(folder + "/pyodide.mjs").href);
const pyodide = await loadPyodide({ indexURL: folder + "/" });
pyodide.FS.writeFile("/source.zip", readFileSync(source));
pyodide.runPython(`
import importlib.util, io, re, zipfile
from importlib._bootstrap_external import _code_to_hash_pyc
keep = re.compile(r"KEEP")
with zipfile.ZipFile("/source.zip") as source, zipfile.ZipFile("/target.zip", "w") as target:
    for name in source.namelist():
        content = source.read(name)
        if name.endswith(".py") and not keep.search(name):
            code = compile(content, name, "exec", dont_inherit=True, optimize=2)  # without docstrings
            content = _code_to_hash_pyc(code, importlib.util.source_hash(content), False)
            name += "c"
        target.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), bytes(content))
`);
writeFileSync(target, pyodide.FS.readFile("/target.zip"));
"""
LONGEST = 600  # seconds for compiling


def _compiled_by_pyodide(node: str, pyodide: Path, sources: bytes) -> tuple[bytes, str]:
    with tempfile.TemporaryDirectory() as folder:
        script, source, target = (Path(folder, name) for name in ("compile.mjs", "source.zip", "target.zip"))
        script.write_text(_COMPILE.replace("KEEP", KEEP_SOURCE.pattern), encoding="utf-8")
        source.write_bytes(sources)
        command = [node, str(script), str(pyodide.resolve()), str(source), str(target)]
        try:
            done = subprocess.run(  # noqa: S603
                command, capture_output=True, timeout=LONGEST, check=False, env={**os.environ, "NODE_OPTIONS": ""}
            )
        except (OSError, subprocess.TimeoutExpired):
            done = None
        if done is not None and done.returncode == 0 and target.is_file():
            return target.read_bytes(), ""
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] if done else []
    return (
        sources,
        f"The modules are not compiled, because Node could not: {''.join(said)[:200] or 'it took too long'}.",
    )
