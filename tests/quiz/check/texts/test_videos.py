"""A video's file is looked at: whether it is there, is a video, is small enough, and is captioned."""

from pathlib import Path

import pytest

from quizfunnel.quiz.check.run import check_quiz
from quizfunnel.quiz.check.texts import videos
from tests.quiz.files import changed, lay

ASK = "ask: How do you make coffee?"
MP4 = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 40
WEBM = b"\x1a\x45\xdf\xa3" + b"\x00" * 40


def _said(shop: Path, video: str) -> list[str]:
    path = lay(shop / "quizzes", changed((ASK, f"{ASK}\n    video: {video}")))
    return [finding.message for finding in check_quiz(path)]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Give a store's folder with a video in each form, and captions."""
    folder = tmp_path / "static" / "video"
    folder.mkdir(parents=True)
    for name, content in {"a.mp4": MP4, "a.webm": WEBM, "text.mp4": b"no video", "a.vtt": b"WEBVTT"}.items():
        (folder / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize("file", ["a.mp4", "a.webm"])
def test_a_video_of_the_store_has_no_findings(shop: Path, file: str) -> None:
    """With captions, or where nothing is said in it."""
    assert _said(shop, f"{{file: /static/video/{file}, captions: /static/video/a.vtt}}") == []
    assert _said(shop, f"{{file: /static/video/{file}, silent: true, ratio: '9:16'}}") == []


def test_what_keeps_shoppers_from_seeing_or_hearing_is_a_warning(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is lost, is none, or is large; captions that are missing, or whose file is."""
    silent = "silent: true"
    lost = "there is no file /static/video/{} in the folder static; put it there or mend the address"
    assert _said(shop, f"{{file: /static/video/b.mp4, {silent}}}") == [lost.format("b.mp4")]
    assert _said(shop, f"{{file: /static/video/text.mp4, {silent}}}") == [
        "text.mp4 holds no video that browsers play (video/mp4); export it again"
    ]
    needs = "who cannot hear it needs captions: add `captions: /static/video/NAME.vtt`, or `silent: true` "
    assert _said(shop, "/static/video/a.mp4") == [f"{needs}where nothing is said in it"]
    captions = "captions: /static/video/b.vtt"
    assert _said(shop, f"{{file: /static/video/a.mp4, {captions}}}") == [lost.format("b.vtt")]
    monkeypatch.setattr(videos, "MANY_BYTES", 10)
    assert "which phones wait for" in _said(shop, f"{{file: /static/video/a.mp4, {silent}}}")[0]


def test_no_address_leads_out_of_the_folder(shop: Path) -> None:
    """A path that goes up is no file of the store."""
    assert _said(shop, "/static/../quizfunnel.toml")[0].startswith(
        "'/static/../quizfunnel.toml' is no file of the store"
    )
