"""Backup of a PostgreSQL database: by its own pg_dump, whose output this program does not imitate."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from shlex import quote

from sqlalchemy import URL

from quizfunnel.backup.errors import BackupError

_NAMES = {"host": "PGHOST", "port": "PGPORT", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}


def dump(url: URL, target: Path) -> None:
    """Write a whole dump in PostgreSQL's custom format, which its pg_restore can read to the end."""
    command = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"]
    tool = shutil.which("pg_dump")
    if tool is None:
        shown = " ".join(map(quote, [*command, f"--dbname={_shown(url)}"]))
        raise BackupError(
            f"pg_dump is not installed here; install PostgreSQL's client programs, or run elsewhere: {shown}"
        )
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    _run([tool, *command[1:]], url)
    if lister := shutil.which("pg_restore"):
        _run([lister, "--list", str(target)], url)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def how_to_restore(url: URL, backup: Path) -> str:
    """Return what to do, in commands: a server's database is put back beside the one in use, and then named."""
    name = f"{url.database}_restored"
    server = url.set(database="postgres")
    return (
        "a PostgreSQL database is put back by its own programs, beside the one in use, so that nothing is lost: "
        f"createdb --maintenance-db={quote(_shown(server))} {quote(name)}; "
        f"pg_restore --exit-on-error --no-owner --dbname={quote(_shown(url.set(database=name)))} {quote(str(backup))}; "
        f"then end the servers, set QUIZFUNNEL_DATABASE_URL to the database {name}, and run quizfunnel migrate and "
        "quizfunnel nightly, which forgets again whoever was erased since the backup"
    )


def _run(command: list[str], url: URL) -> None:
    # in English, in which we know its complaints
    environment = os.environ | _environment(url) | {"LC_ALL": "C"}
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, found by its name
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise BackupError(f"{Path(command[0]).name} could not do it: {_remedied(lines)}")


def _remedied(lines: list[str]) -> str:
    """Return what a program of PostgreSQL's complained of; an older one than the server's says that alone."""
    if "server version mismatch" not in lines[0]:
        return lines[0]
    return (
        f"{'; '.join(lines)}. Install the client programs of the server's version "
        "and put their folder first into PATH, or run this on a machine that has them"
    )


def _environment(url: URL) -> Mapping[str, str]:
    """Return where the database is, for PostgreSQL's programs: others can read a command line, not an environment."""
    parts = {**url.query, "host": url.host or url.query.get("host"), "port": url.port and str(url.port)}
    named = {variable: str(parts[name]) for name, variable in _NAMES.items() if parts.get(name)}
    who = {"PGUSER": url.username, "PGPASSWORD": url.password, "PGDATABASE": url.database}
    return named | {name: str(value) for name, value in who.items() if value}


def _shown(url: URL) -> str:
    """Return the address as PostgreSQL's programs take it, without its password."""
    return URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query).render_as_string()
