"""Laws of `quizfunnel shop check`: what stands on a page of the shop, and what keeps the snippet from working there."""

import json
from pathlib import Path

import pytest

from tests.commands import run
from tests.outbound.servers import answer, saying, speaking
from tests.quiz.files import lay


def write(folder: Path, port: int, *lines: str) -> None:
    """Write the settings of a store whose shop is a server of this test."""
    here = f"127.0.0.1:{port}"
    settings = [f'public_url = "http://{here}"', f'private_hosts = ["{here}"]', *lines]
    settings += [
        "[shop]",
        f'origins = ["http://{here}"]',
        'consent_adapter = "call"',
        "[invitations]",
        '"/*" = "coffee"',
    ]
    (folder / "quizfunnel.toml").write_text("\n".join(settings) + "\n", encoding="utf-8")


def page(html: str, *headers: bytes) -> bytes:
    """Return a page as a shop's server answers."""
    return answer(html.encode(), b"Content-Type: text/html; charset=utf-8", *headers)


def test_a_page_is_looked_at(folder: Path) -> None:
    """The shop's home where none is named; each sight is a line, and one in the way ends the command with one."""
    lay(folder / "quizzes")
    with speaking(saying(page("<p>", b"Content-Security-Policy: script-src 'self'"))) as server:
        write(folder, server.port)
        said = run("shop", "check")
        found = json.loads(run("shop", "check", f"http://127.0.0.1:{server.port}/tea?x=1", "--json").output)
    address = f"http://127.0.0.1:{server.port}"
    assert said.exit_code == 1, said.output
    first, *lines = said.output.splitlines()
    assert first == f"{address}/"
    assert (
        f'  wrong  tag: is not in the page\'s HTML; write <script async src="{address}/qf.js"></script>' in said.output
    )
    assert any(line.startswith("  wrong  invitation: / invites to `coffee` and has no place") for line in lines)
    assert any(line.startswith("  note   server: the snippet could not be fetched from here") for line in lines)
    assert lines[-1] == f"  script-src {address}; connect-src {address}; frame-src {address}"
    assert (found["url"], found["good"]) == (f"{address}/tea", False)


def test_a_page_with_everything_ends_with_nought(folder: Path) -> None:
    """Also where something is worth knowing."""
    lay(folder / "quizzes")
    with speaking(lambda there: there.sendall(body[0])) as server:
        tag = f'<script async src="http://127.0.0.1:{server.port}/qf.js"></script><div data-qf></div>'
        body = [page(tag)]
        write(folder, server.port)
        said = run("shop", "check")
    assert said.exit_code == 0, said.output
    assert "wrong" not in said.output


def test_a_quiz_that_was_renamed_stands_by_either_name(folder: Path) -> None:
    """Its old address leads to it, in a frame too; a name that no quiz ever had is in the way."""
    lay(folder / "quizzes")
    with (folder / "quizzes" / "coffee.yaml").open("a", encoding="utf-8") as file:
        file.write("was: [coffee-finder]\n")
    places = "".join(f"<div data-qf-quiz={name}></div>" for name in ("coffee-finder", "coffee", "tea"))
    with speaking(saying(page(places))) as server:
        write(folder, server.port)
        said = run("shop", "check").output
    assert "ok     embedded quiz: `coffee-finder`" in said
    assert "ok     embedded quiz: `coffee`" in said
    assert "wrong  embedded quiz: `tea` is meant to stand on the page, and there is no such quiz" in said


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (
            answer(b"", b"Location: https://www.shop.example/", status=b"301 Moved"),
            "leads on to https://www.shop.example/",
        ),
        (answer(b"", status=b"403 Forbidden"), "answered 403; a shop that lets in only browsers"),
        (answer(b"{}", b"Content-Type: application/json"), "is no HTML"),
    ],
)
def test_what_is_no_page_is_said(folder: Path, reply: bytes, words: str) -> None:
    """And nothing else is judged by it."""
    with speaking(saying(reply)) as server:
        write(folder, server.port)
        said = run("shop", "check")
    assert (said.exit_code, len(said.output.splitlines())) == (1, 2)
    assert words in said.output


@pytest.mark.parametrize(
    ("settings", "arguments", "words"),
    [
        ("", ["https://shop.example"], "public_url is not set"),
        ('public_url = "https://quiz.example"', [], "say which page"),
        ('public_url = "https://quiz.example"', ["127.0.0.1"], "https://127.0.0.1/: 127.0.0.1, which is no address"),
        ('public_url = "https://quiz.example"', ["ftp://shop.example"], "is no https address"),
    ],
)
def test_what_cannot_be_looked_at_is_refused(folder: Path, settings: str, arguments: list[str], words: str) -> None:
    """Apart from what is wrong with a page."""
    (folder / "quizfunnel.toml").write_text(settings + "\n")
    said = run("shop", "check", *arguments)
    assert (said.exit_code, words in said.output) == (2, True), said.output
