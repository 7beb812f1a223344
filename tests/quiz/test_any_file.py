"""Whatever a quiz file says, the check answers with findings and nothing else."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from quizfunnel.quiz.check.run import check_opened, open_file
from quizfunnel.quiz.file.yaml_events import read_plain
from tests.quiz.files import QUIZ, lay

ODD: list[Any] = [
    None, True, 0, -1, 1.5, 10**17, 1e90, "", " ", "x", "Ärger", "tag:", ":", "a:b:c", "1e400", "..", "..\\x", "yes",
    [], {}, [[]], [None], [{}], {"": 1}, {"a": {}}, {"at_least": "x"}, {"brew": {"at_least": 1}}, ["brew"],
    {"from": 0, "to": 1, "step": 1}, {"file": "catalogs/coffee.csv", "product_url": "{0.__class__}", "currency": "ZZZ"},
    "one", "many", "scale", "price", "\u202e", "x" * 400,
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the catalogue."""
    folder = tmp_path_factory.mktemp("quizzes")
    lay(folder)
    return folder


def _places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path] * bool(path) + [place for key, value in inside for place in _places(value, (*path, key))]


def _changed(data: Any, path: tuple[Any, ...], how: str, value: Any) -> None:
    for part in path[:-1]:
        data = data[part]
    if how == "set":
        data[path[-1]] = value
    elif how == "drop":
        del data[path[-1]]
    elif isinstance(data, list):
        data.append(data[path[-1]])
    else:
        data[f"{path[-1]}x"] = value


def _block(data: Any) -> str:
    """Return data as merchandisers write it: of JSON every line may be a slip, and each guess reads the file again."""
    yaml, text = YAML(typ="safe", pure=True), StringIO()
    yaml.default_flow_style, yaml.width = False, 4096
    yaml.dump(data, text)
    return text.getvalue()


PLACES = _places(read_plain(QUIZ.encode(), "q").data)


@pytest.mark.thorough
@given(st.sampled_from(PLACES), st.sampled_from(["set", "drop", "more"]), st.sampled_from(ODD))
@settings(max_examples=60, deadline=None)
def test_one_odd_change_gives_findings_with_a_place(folder: Path, place: tuple[Any, ...], how: str, value: Any) -> None:
    """Set, dropped, doubled or unknown: never a traceback, and every finding stands inside the file."""
    data = read_plain(QUIZ.encode(), "q").data
    _changed(data, place, how, value)
    text = _block(data)
    path = folder / "odd.yaml"
    path.write_text(text, encoding="utf-8")
    result = open_file(path, name="odd.yaml")
    check_opened(result, counting=False)
    assert result.loaded is not None or any(finding.severity == "error" for finding in result.findings)
    lines = text.splitlines()
    for finding in result.findings:
        assert finding.message
        if finding.file == "odd.yaml":
            assert 1 <= finding.line <= len(lines)
            assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
