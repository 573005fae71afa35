"""The JSON Schema of problem files: what is in it, and that it says of files what reading them says."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from symback.problems.json_schema import schema
from symback.problems.registry import kinds, names

PROBLEMS = Path(__file__).parents[2] / "problems"


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return schema()


def test_it_is_the_draft_that_it_says(made: dict[str, Any]) -> None:
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "definitions" not in made
    assert all(reference.startswith("#/$defs/") for reference in references(made))
    assert {reference.removeprefix("#/$defs/") for reference in references(made)} == set(made["$defs"])


def references(part: Any) -> Iterator[str]:
    """Yield every reference in a schema."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def test_it_is_the_same_every_time(made: dict[str, Any]) -> None:
    assert json.dumps(schema(), sort_keys=True) == json.dumps(made, sort_keys=True)


def test_every_kind_has_its_keys(made: dict[str, Any]) -> None:
    items = made["properties"]["problem"]["items"]
    assert items["discriminator"]["propertyName"] == "kind"
    assert set(items["discriminator"]["mapping"]) == set(names())
    for kind, declared in kinds().items():
        definition = made["$defs"][declared.__name__]
        said = definition["properties"]["kind"]
        assert said.get("const", said.get("enum", [""])[0]) == kind
        assert definition["additionalProperties"] is False
        assert set(definition.get("required", ())) == declared.needs()
        assert "kind" not in definition.get("required", ())


def test_every_key_is_described(made: dict[str, Any]) -> None:
    for definition in (made, *made["$defs"].values()):
        for key, of in definition["properties"].items():
            assert of["description"].endswith("."), key
            assert of.get("default", 0) is not None, key


def test_what_is_not_there_has_no_default(made: dict[str, Any]) -> None:
    properties = made["$defs"]["Derive"]["properties"]
    said = {"title": "Order", "description": "How often to differentiate.", "default": 1}
    assert properties["order"] == {**said, "type": "integer", "minimum": 1, "maximum": 20}
    assert "default" not in properties["at"]
    assert properties["at"]["additionalProperties"] == {"type": ["number", "string"]}
    assert set(made["$defs"]["Values"]["properties"]) == {"range", "step", "not", "choice", "value"}


@pytest.mark.parametrize("path", sorted(PROBLEMS.glob("*.toml")), ids=lambda path: path.name)
def test_the_sheets_are_accepted(path: Path, made: dict[str, Any]) -> None:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    assert list(Draft202012Validator(made).iter_errors(table)) == []
    assert table.keys() <= made["properties"].keys()


WRONG = [
    ("[[problem]]\nkind = 'derive'\nexpr = 'x^2'\nwtr = 'x'\n", ["problem", 0], "wtr"),
    ("[[problem]]\nkind = 'derive'\nexpr = 'x^2'\norder = 'two'\n", ["problem", 0, "order"], "'two' is not"),
    ("[[problem]]\nexpr = 'x^2'\nwtr = 'x'\n", ["problem", 0], "wtr"),
    ("[[problem]]\nkind = 'derve'\nexpr = 'x^2'\n", ["problem", 0, "kind"], "'derve' is not one of"),
    ("[[problem]]\nkind = 'derive'\nwrt = 'x'\n", ["problem", 0], "'expr' is a required"),
    ("[[problem]]\nexpr = 'x^2'\n[[problem.part]]\npionts = 2\n", ["problem", 0, "part", 0], "pionts"),
    ("[[problem]]\nexpr = 'x^2'\npoints = -1\n", ["problem", 0, "points"], "not valid"),
]


@pytest.mark.parametrize(("text", "path", "message"), WRONG)
def test_one_thing_that_is_wrong_is_one_error_at_its_key(
    text: str, path: list[Any], message: str, made: dict[str, Any]
) -> None:
    (error,) = Draft202012Validator(made).iter_errors(tomllib.loads(text))
    assert list(error.absolute_path) == path
    assert message in error.message


@pytest.mark.parametrize(("text", "path", "message"), WRONG)
def test_a_language_server_for_toml_marks_the_same(
    text: str, path: list[Any], message: str, made: dict[str, Any], tmp_path: Path
) -> None:
    taplo = shutil.which("taplo")
    if taplo is None:
        pytest.skip("the language server taplo is needed")
    (tmp_path / "schema.json").write_text(json.dumps(made), encoding="utf-8")
    (tmp_path / "sheet.toml").write_text(text, encoding="utf-8")
    command = [taplo, "lint", "--schema", f"file://{tmp_path / 'schema.json'}", str(tmp_path / "sheet.toml")]
    found = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False)
    assert found.returncode != 0
    said = found.stderr.replace('"', "'")
    assert (path[-1] if isinstance(path[-1], str) else message) in said
