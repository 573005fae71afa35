"""`symback site`: the static folder, its archive, and symback at work in the browser where Pyodide can be had."""

from __future__ import annotations

import functools
import gzip
import http.server
import io
import json
import lzma
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from symback.errors import FileError, UsageError
from symback.problems.registry import names
from symback.web.site import EITHER, OF_PYODIDE, write_site
from tests.web.browsing import browser, can_browse, page_at, shot

PYODIDE = os.environ.get("SYMBACK_PYODIDE", "")  # a folder with Pyodide, as `npm install pyodide@314` makes it
ELSEWHERE = "/some/path/"  # a site works below any path


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "public"
    written = write_site(out, None)
    assert written.size < 8_000_000
    assert "Pyodide is not in the folder" in " ".join(written.notes)
    return out


@pytest.mark.slow  # a folder is made: run with the checks of a site
def test_the_folder_has_the_page_and_names_all_its_files(plain: Path) -> None:
    page = (plain / "index.html").read_text()
    assert 'name="symback-side" content="pyodide"' in page
    assert "wasm-unsafe-eval" in page
    assert not re.search(r'(?:src|href)="/', page)  # so that it works below any path
    offline = (plain / "offline.js").read_text()
    listed = json.loads(re.findall(r"const FILES = (\[.*?\]);", offline)[0])
    there = {path.name for path in plain.iterdir()} - {"offline.js", ".symback-site"}
    assert set(listed) == there | {"./"}
    assert re.search(r'"symback-[0-9a-f]{16}"', offline)


@pytest.mark.slow  # a folder is made: run with the checks of a site
def test_a_program_of_the_archive_alone_answers(plain: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(lzma.decompress((plain / "symback.zip.xz").read_bytes()))) as archive:
        archive.extractall(tmp_path)
    questions = {
        "side/forms": {},
        "side/work": {"kind": "derive", "fields": {"expr": "x^2 sin x"}},
        "side/graph": {"fields": {"graph": "d = 2b; L = d^2", "at": "b=3"}},
        "side/judge": {"fields": {"working": "d/dx [x^2]\n= 3x"}},
        "side/rule": {"name": "chain rule"},
        "api/integrate": {"expr": "x e^(x^2)"},
        "side/problem": {"text": '[[problem]]\nkind = "derive"\nexpr = "x^2"', "number": 1},
    }
    program = f"""
import json, sys
sys.path[:] = [{str(tmp_path)!r}] + [one for one in sys.path if "site-packages" not in one]
sys.modules["numpy"] = None
from symback.web.side import answer
for path, given in json.loads(sys.stdin.read()).items():
    print(path, answer(path, json.dumps(given).encode()).status)
"""
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], input=json.dumps(questions), capture_output=True, text=True, cwd=tmp_path
    )
    assert done.stdout.split("\n")[:-1] == [f"{path} 200" for path in questions], done.stderr
    assert {path.stem for path in (tmp_path / "symback/problems/kinds").glob("*.py")} - {"__init__"} == set(names())


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(UsageError, match="holds other files"):
        write_site(tmp_path, None)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_what_is_no_pyodide_is_refused(tmp_path: Path) -> None:
    for name in (*OF_PYODIDE[1:], EITHER[0]):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(FileError, match=re.escape("pyodide.mjs is missing")):
        write_site(tmp_path / "out", tmp_path)
    assert not (tmp_path / "out").exists()


# --- in the browser -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("web")
    written = write_site(root / ELSEWHERE.strip("/"), Path(PYODIDE))
    assert written.notes == ()
    there = [path.read_bytes() for path in root.rglob("*") if path.is_file()]
    assert sum(len(gzip.compress(content)) for content in there) < 15_000_000  # over the wire
    handler = functools.partial(_Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{ELSEWHERE}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not PYODIDE, reason="Pyodide is not installed")
@pytest.mark.skipif(not can_browse(), reason="Chromium is not installed")
def test_a_site_works_in_the_browser_and_then_without_a_network(site: str) -> None:
    pytest.importorskip("playwright")
    with browser() as chrome, page_at(chrome, site + "#kind=derive&expr=x%5E2%20sin%20x") as page:
        _steps(page)
        shot(page, "site-steps")
        page.click("text=Change the question")
        page.fill("#ask-expr", "2 sin x +")
        page.wait_for_selector(".caret")
        page.goto(site + "#kind=backprop&graph=d%20%3D%202b%3B%20L%20%3D%20d%5E2&at=b%3D3")
        page.wait_for_selector("#graph svg .spot")
        page.check("#mode-train")
        page.click("#graph >> text=XOR")
        page.wait_for_selector("#graph .work table")
        page.wait_for_selector("#graph .curve polyline")
        assert page.locator("#graph .error-box").count() == 0
        shot(page, "site-train")
        page.goto(site + "#screen=check")
        page.wait_for_selector("#check .margin .wrong")
        page.goto(site + "#screen=sheet")
        page.wait_for_selector("#sheet .problem >> nth=1")
        with page.expect_download() as found:
            page.click("#sheet-save")
        assert found.value.suggested_filename == "sheet.html"
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")  # every file is kept
        page.context.set_offline(True)
        page.goto(site + "?again#kind=derive&expr=x%5E2%20sin%20x")
        page.wait_for_selector("html[data-ready]")
        _steps(page)


def _steps(page: Any) -> None:
    page.wait_for_selector("#hint:visible")
    page.click("#all")
    assert page.locator("#lines .line:visible").count() == 2
