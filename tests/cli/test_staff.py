"""Laws of `quizfunnel staff`: people and links without a browser, refusals in words, and the first start's link."""

import re
from pathlib import Path

import pytest

from quizfunnel import server
from quizfunnel.cli import staff
from quizfunnel.kit.clock import SystemClock
from quizfunnel.migrations import runner
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import write
from quizfunnel.web.staff import people
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.staff.roles import ROLES
from tests.cast import NOON
from tests.commands import run
from tests.staff import session_of

pytestmark = pytest.mark.usefixtures("folder")

LINK = re.compile(r"(http\S+)/staff/link/[\w-]{43}\b")


@pytest.fixture(autouse=True)
def database(folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the database that the commands work on, marked as one of this program's version."""
    monkeypatch.setenv("QUIZFUNNEL_DATABASE_URL", database_url)
    monkeypatch.setenv("QUIZFUNNEL_SECRET_KEY", "a key for tests. 32 bytes long..")
    monkeypatch.setattr(runner, "version", lambda _: runner.head())
    return database_url


def test_the_roles_are_those_of_the_program() -> None:
    """The command lists them itself, so that its help needs no import."""
    assert staff.ROLES == ROLES


def test_it_works() -> None:
    """The first person is an admin, others are analysts; each gets a link, and everybody is listed."""
    first, second = run("staff", "add", "Ana@Shop.example"), run("staff", "add", "bo", "--url", "https://q.example/")
    assert "ana@shop.example is there as admin" in first.output
    assert LINK.findall(first.output) == ["http://127.0.0.1:8000"]
    assert "bo is there as analyst" in second.output
    assert LINK.findall(second.output) == ["https://q.example"]
    assert run("staff", "role", "bo", "merchandiser").output == "bo is there as merchandiser\n"
    assert re.sub(" +", " ", run("staff", "list").output) == (
        "ana@shop.example admin no password yet\nbo merchandiser no password yet\n"
    )
    assert LINK.search(run("staff", "link", "BO").output)
    assert run("staff", "sign-out", "bo").output == "bo was not signed in\n"
    assert "bo is removed" in run("staff", "remove", "bo").output
    record = run("staff", "record", "--last", "1").output
    assert re.fullmatch(r"\S+ \S+ UTC  the command removed bo  role: merchandiser\n", record)


def test_everybody_is_signed_out_at_once(database: str) -> None:
    """Sessions and links, as after an old database was put back; it is said whom, one or all."""
    run("staff", "add", "ana")
    engine = open_engine(database, pooled=False)
    session_of(engine, at=SystemClock().now())
    engine.dispose()
    assert run("staff", "sign-out", "--everybody").output == "2 ended\n"
    assert run("staff", "sign-out", "--everybody").output == "nobody was signed in\n"
    for arguments in ([], ["ana", "--everybody"]):
        refused = run("staff", "sign-out", *arguments)
        assert (refused.exit_code, "say whom" in refused.output) == (2, True)


def test_a_public_address_begins_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it can be sent as it is."""
    monkeypatch.setenv("QUIZFUNNEL_PUBLIC_URL", "https://quiz.example")
    assert LINK.findall(run("staff", "add", "ana").output) == ["https://quiz.example"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["add", "ana"], "ana is there already"),
        (["add", "a b"], "letters from a to z"),
        (["add", "\u0430na"], "letters from a to z"),
        (["add", ""], "A name is needed"),
        (["add", "bo", "--role", "king"], "is not one of"),
        (["remove", "ana"], "ana is the last admin"),
        (["role", "ana", "analyst"], "ana is the last admin"),
        (["remove", "zed"], "There is nobody called zed"),
        (["link", "zed"], "There is nobody called zed"),
        (["sign-out", "zed"], "There is nobody called zed"),
    ],
)
def test_what_cannot_be_is_refused(arguments: list[str], says: str) -> None:
    """In words, with exit 2."""
    run("staff", "add", "ana")
    refused = run("staff", *arguments)
    assert (refused.exit_code, says in refused.output) == (2, True), refused.output


@pytest.mark.parametrize(
    "url", ["javascript:alert", "ftp://q.example", "q.example", "https://", "", "https://q.example/?a"]
)
def test_an_address_that_nobody_can_open_is_refused(url: str) -> None:
    """With one that can be, before anybody is added."""
    for command in (["add", "ana"], ["link", "ana"]):
        refused = run("staff", *command, "--url", url)
        assert refused.exit_code == 2
        assert f"--url {url}: must be an address like https://quiz.example" in refused.output
    assert "There is nobody yet" in run("staff", "list").output


def test_nobody_yet_is_said() -> None:
    """With the command that adds somebody."""
    assert "quizfunnel staff add NAME" in run("staff", "list").output


def greeted(database: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a start says about the staff."""
    engine = open_engine(database, pooled=False)
    server.greet(engine, url="https://quiz.example")
    engine.dispose()
    return capsys.readouterr().out


def test_the_first_start_prints_a_link(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Once; then how to have another; nothing once somebody can sign in."""
    first = greeted(database, capsys)
    assert LINK.findall(first) == ["https://quiz.example"]
    assert "lets admin choose a password: once, within 3 days" in first
    assert "quizfunnel staff link NAME" in greeted(database, capsys)
    engine = open_engine(database, pooled=False)
    write(engine, lambda c: people.set_password(c, people.named(c, "admin"), "a hash", by=Actor(None, NOON)))
    engine.dispose()
    assert greeted(database, capsys) == ""


def test_the_demo_prints_none(
    database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its visitor is let in."""
    monkeypatch.setenv("QUIZFUNNEL_DEMO", "1")
    assert greeted(database, capsys) == ""
