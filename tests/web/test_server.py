"""`symback serve`: who may ask, what is refused, two hundred questions at once, and workers that are killed."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.web.serving import JSON, Server, serving

ASK = b'{"expr": "x^2"}'


def status(server: Server, method: str = "POST", path: str = "/api/derive", body: bytes = ASK, **headers: str) -> int:
    return server.send(method, path, body, {key.replace("_", "-"): value for key, value in headers.items()})[0]


REFUSED = [
    ({"host": "evil.example"}, 403),
    ({"host": "127.0.0.1.evil.example:80"}, 403),
    ({"host": ""}, 403),
    ({"origin": "http://evil.example"}, 403),
    ({"origin": "null"}, 403),
    ({"origin": "http://localhost:1"}, 403),
    ({"sec_fetch_site": "cross-site"}, 403),
    ({"content_type": "text/plain"}, 415),
    ({"content_type": "application/x-www-form-urlencoded"}, 415),
    ({"body": b" " * 70_000}, 413),
    ({"method": "GET"}, 405),
    ({"method": "PUT"}, 405),
    ({"method": "DELETE"}, 405),
    ({"method": "OPTIONS"}, 405),
    ({"path": "/api/nothing"}, 404),
    ({"path": "/side/answer"}, 404),
    ({"path": "/other/derive"}, 404),
    ({"method": "GET", "path": "/../../etc/passwd", "body": b""}, 404),
    ({"method": "GET", "path": "/%2e%2e%2fserver.py", "body": b""}, 405),
]


@pytest.mark.parametrize(("request_", "code"), REFUSED)
def test_what_is_refused(server: Server, request_: dict[str, Any], code: int) -> None:
    assert status(server, **request_) == code


def test_a_body_without_a_length_is_cut_off(server: Server) -> None:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        chunks = iter([b" " * 7_000] * 10)
        connection.request("POST", "/api/derive", chunks, JSON, encode_chunked=True)
        with closing(connection.getresponse()) as response:
            assert response.status == 413


def test_the_page_and_its_policy(server: Server) -> None:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        connection.request("GET", "/")
        response = connection.getresponse()
        assert b"<!doctype html>" in response.read()
    policy = response.getheader("content-security-policy") or ""
    assert response.status == 200
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.getheader("x-content-type-options") == "nosniff"
    assert response.getheader("access-control-allow-origin") is None


HOSTILE: list[dict[str, Any]] = [
    {"expr": "9^9^9^9 x"},
    {"expr": "(" * 500},
    {"expr": "x" * 9_000},
    {"expr": "__import__('os').system('true')"},
    {"expr": "x\u202e\x00"},
    {"expr": "<script>alert(1)</script>"},
    {"expr": "x", "order": 10**30},
    {"expr": ["x"]},
    {"wrt": "x"},
    {"expr": "x", "at": {"x": [[[[1]]]]}},
]


def test_two_hundred_questions_at_once(server: Server) -> None:
    def question(n: int) -> tuple[int, Any, int]:
        hostile = n % 10 == 3
        code, found = server.ask("/api/derive", HOSTILE[n // 10 % 10] if hostile else {"expr": f"{n} x^3 + {n}"})
        return code, found, n

    with ThreadPoolExecutor(200) as pool:
        replies = list(pool.map(question, range(200)))
    assert len(replies) == 200
    for code, found, n in replies:
        if n % 10 == 3:
            assert code in (200, 422), (n, found)
            assert "bug" not in json.dumps(found.get("error", "")), (n, found)
        else:
            assert (code, found["input"]) == (200, f"{n} x^3 + {n}")
            assert found["answer"]["text"] == (f"{3 * n}x^2" if n else "0")


def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_a_killed_worker_costs_nobody_an_answer(server: Server) -> None:
    server.ask("/api/derive", {"expr": "x"})
    for pid in server.workers():
        os.kill(pid, signal.SIGKILL)
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda n: server.ask("/api/derive", {"expr": f"{n} x"}), range(2, 10)))
    assert [(code, found["answer"]["text"]) for code, found in replies] == [(200, str(n)) for n in range(2, 10)]


def test_a_question_over_its_time_says_so_and_others_go_on(server: Server) -> None:
    network = {
        "graph": "X: 200x60; W: 60x60; V: 60x1; y: 200x1\nL = mse(tanh(tanh(X @ W) @ W) @ V, y)",
        "data": {"X": [[0.01 * (i * j % 7) for j in range(20)] for i in range(20)], "y": [[1]] * 20},
        "epochs": 10**7, "tolerance": 0,
    }  # fmt: skip
    network["graph"] = network["graph"].replace("200", "20").replace("60", "20")
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(server.ask, "/api/train", network)
        assert server.ask("/api/derive", {"expr": "x^2"})[0] == 200
        code, found = slow.result()
    assert (code, found["error"]["code"]) == (422, "limit"), found
    assert "5 s" in found["error"]["message"]


def test_a_line_is_logged_without_the_question(server: Server) -> None:
    server.ask("/api/derive", {"expr": "secretword"})
    server.send("GET", "/secretpath")
    wait_until(lambda: b"GET /? 404" in server.log.read_bytes())
    log = server.log.read_text()
    assert "secret" not in log
    assert "POST /api/derive 422" in log
    assert all(len(line) < 80 for line in log.splitlines())


def test_it_stops_when_told_to_and_leaves_no_worker(tmp_path: Path) -> None:
    pytest.importorskip("uvicorn")
    with serving(tmp_path) as one:
        assert one.ask("/api/derive", {"expr": "x^2"})[0] == 200
        workers = one.workers()
    assert one.process.returncode in (0, 130)
    assert "Traceback" not in one.log.read_text()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def test_a_port_that_is_taken_is_an_error(server: Server, tmp_path: Path) -> None:
    import subprocess
    import sys

    command = [sys.executable, "-m", "symback", "serve", "--port", str(server.port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f"Port {server.port} cannot be used." in done.stderr
    assert "Traceback" not in done.stderr
