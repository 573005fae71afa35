"""One server for all tests of the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.serving import Server, serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    pytest.importorskip("uvicorn")
    pytest.importorskip("starlette")
    with serving(tmp_path_factory.mktemp("serve")) as one:
        yield one
