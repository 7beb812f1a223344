"""Laws of static files: the smallest form, a tag for each, parts as they are, kept as long as the address says."""

import os
from pathlib import Path

import brotli
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from quizfunnel.web import environment
from quizfunnel.web.delivery.files import StaticFiles

SHEET = "a { color: red }\n" * 50
PICTURE = bytes(range(256)) * 8


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """Give an app with a stylesheet and a picture."""
    (tmp_path / "static").mkdir()
    (tmp_path / "shipped" / "static").mkdir(parents=True)
    (tmp_path / "shipped" / "static" / "ours.css").write_text(f"/* why */\n{SHEET}", "utf-8")
    (tmp_path / "static" / "a.css").write_text(SHEET, "utf-8")
    (tmp_path / "static" / "a.png").write_bytes(PICTURE)
    app = Flask("files", static_folder=None)
    environment.install(app, (tmp_path, tmp_path / "shipped"))
    return app


def get(app: Flask, address: str, **headers: str) -> TestResponse:
    """Return the answer to a request with these headers."""
    lines = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get(address, headers=lines, buffered=True)


def files(app: Flask) -> StaticFiles:
    """Return an app's static files."""
    found: StaticFiles = app.extensions["files"]
    return found


def test_a_browser_gets_the_smallest_form_and_comes_back_with_its_tag(app: Flask) -> None:
    """Each form has a tag of its own, and every cache is told what the answer hangs on."""
    address, tags = files(app).address("a.css"), set()
    for takes, encoding in (("gzip, br", "br"), ("gzip", "gzip"), ("", None)):
        response = get(app, address, Accept_Encoding=takes)
        assert (response.headers.get("Content-Encoding"), response.headers["Vary"]) == (encoding, "Accept-Encoding")
        assert response.headers["Content-Type"] == "text/css; charset=utf-8"
        tags.add(tag := response.headers["ETag"])
        again = get(app, address, Accept_Encoding=takes, If_None_Match=tag)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Vary"] == "Accept-Encoding"
    assert len(tags) == 3
    assert brotli.decompress(get(app, address, Accept_Encoding="br").data) == SHEET.encode()


def test_a_part_is_one_of_the_file_as_it_is(app: Flask) -> None:
    """Ranges count its plain bytes, whatever else the browser takes; a tag of another form gives the whole."""
    address = files(app).address("a.css")
    part = get(app, address, Accept_Encoding="br", Range="bytes=4-7")
    assert (part.status_code, part.data) == (206, SHEET.encode()[4:8])
    assert part.headers["Content-Range"] == f"bytes 4-7/{len(SHEET)}"
    assert "Content-Encoding" not in part.headers
    tag = get(app, address, Accept_Encoding="br").headers["ETag"]
    assert get(app, address, Range="bytes=4-7", If_Range=tag).data == SHEET.encode()
    picture = get(app, files(app).address("a.png"), Accept_Encoding="br", Range="bytes=4-7")
    assert (picture.status_code, picture.data) == (206, PICTURE[4:8])


def test_a_picture_is_sent_as_it_is(app: Flask) -> None:
    """It is small already."""
    response = get(app, files(app).address("a.png"), Accept_Encoding="br")
    assert response.data == PICTURE
    assert "Content-Encoding" not in response.headers
    assert response.cache_control.immutable


@pytest.mark.parametrize("query", ["", "?v=0123456789", "?v="])
@pytest.mark.parametrize("name", ["a.css", "a.png"])
def test_an_address_of_other_content_is_not_kept_for_good(app: Flask, name: str, query: str) -> None:
    """An older worker is asked for a newer file while a shop is upgraded: its own must not stay there for a year."""
    control = get(app, f"/static/{name}{query}").cache_control
    assert (control.max_age, bool(control.immutable)) == (300, False)


def test_the_programs_own_file_has_an_address_too(app: Flask) -> None:
    """It goes before a file of the same name, and changes its address with its text."""
    first = files(app).add("made.css", SHEET)
    assert get(app, first).text == SHEET
    assert get(app, first).cache_control.immutable
    assert files(app).add("made.css", "b{}") != first


def test_prepared_files_are_not_compressed_again(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor read: whoever comes first waits for neither. A file that changed is."""
    sheet = tmp_path / "static" / "a.css"
    address = files(app).address("a.css")
    files(app).prepare()
    with monkeypatch.context() as patch:
        patch.setattr("quizfunnel.web.delivery.files.encode", None)
        assert get(app, address, Accept_Encoding="br").headers["Content-Encoding"] == "br"
    sheet.write_text("b{}", "utf-8")
    os.utime(sheet, ns=(1, 1))
    assert get(app, files(app).address("a.css")).text == "b{}"


def test_shipped_files_lose_their_comments_and_a_stores_keep_every_byte(app: Flask) -> None:
    """What a brand writes is what it gets; ours is read in its source."""
    assert get(app, files(app).address("ours.css")).text == "a{color:red}" * 50
    assert get(app, files(app).address("a.css")).text == SHEET


def test_scripts_are_joined_and_a_stores_own_takes_its_place_among_them(app: Flask, tmp_path: Path) -> None:
    """One request in their order, however each of them ends or is written; what is not there is left out."""
    for folder, name, text in (
        ("shipped", "a.js", b"let a = 1 // one"),
        ("shipped", "b.js", b"let b"),
        (".", "b.js", b"b() // caf\xe9"),
        ("shipped", "c.js", b"(() => {})()"),
    ):
        (tmp_path / folder / "static" / name).write_bytes(text)
    files(app).join("all.js", ("a.js", "b.js", "c.js", "d.js"))
    joined = get(app, files(app).address("all.js")).data
    assert joined == b"let a=1\n;\nb() // caf\xe9\n;\n(()=>{})()"
    files(app).join("none.js", ("d.js",))
    assert get(app, files(app).address("none.js")).status_code == 404
