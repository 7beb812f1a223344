"""Leftovers of deleted rows: what SQLite keeps of them beside the database, emptied where nobody is reading."""

from sqlalchemy import Engine


def empty_wal(engine: Engine) -> bool:
    """Write SQLite's log of changes into the database and empty it; tell whether it is empty now.

    The database's own pages keep nothing: `secure_delete` writes zeros over what is deleted. PostgreSQL is asked
    nothing: its dead rows go with its next vacuum.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not busy
