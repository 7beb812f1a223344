"""Laws of the start of a server: which databases it takes."""

import pytest
from sqlalchemy import Engine, text

from quizfunnel import server
from quizfunnel.migrations.newest import newest
from quizfunnel.migrations.runner import MigrationError


def be_of(engine: Engine, version: str) -> None:
    """Let a database say that it is of a version."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_an_older_database_is_migrated_first(engine: Engine) -> None:
    """With the command that does it."""
    be_of(engine, "0001")
    for serving in (True, False):
        with pytest.raises(
            MigrationError, match=f"version 0001, and this program needs {newest()}; run quizfunnel migr"
        ):
            server.refuse_old(engine, serving=serving)


def test_a_newer_database_wants_its_release(engine: Engine) -> None:
    """No command touches it: retention or erasure of an old release would pass over what it does not know."""
    be_of(engine, "9999")
    with pytest.raises(
        MigrationError, match=r"of a newer release than this program, .*; install that release here too"
    ):
        server.refuse_old(engine)


def test_a_machine_comes_up_while_another_one_is_upgraded(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """On PostgreSQL, where several machines are upgraded in turn; a file has one machine."""
    be_of(engine, "9999")
    if engine.dialect.name == "postgresql":
        server.refuse_old(engine, serving=True)
        assert "It is served all the same: install that release here soon" in capsys.readouterr().err
    else:
        with pytest.raises(MigrationError, match="install that release here too"):
            server.refuse_old(engine, serving=True)
    be_of(engine, newest())
    server.refuse_old(engine, serving=True)
    assert capsys.readouterr() == ("", "")
