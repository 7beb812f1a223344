"""Tables of a test's database, made at once and not step by step."""

from sqlalchemy import Engine, text

from quizfunnel.migrations.newest import newest
from quizfunnel.schema import metadata


def make_tables(engine: Engine) -> None:
    """Make every table of a database that is empty, and say in it that it is of this program's version."""
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": newest()})
