"""Verbs of publication: versions are kept, a pair becomes live, ends or is withdrawn, a disk's last pair is noted.

Each inside the caller's transaction. Whoever decides by what is live takes `in_turn` first.
"""

import json
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, case, select, update

from quizfunnel.kit.ids import new_id
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing.pairs import ENDED, LIVE, SCHEDULED, WITHDRAWN
from quizfunnel.quiz.tables import CatalogVersion, DiskOffer, Publication, QuizVersion
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import insert_once, upsert

_q, _c, _p = columns(QuizVersion), columns(CatalogVersion), columns(Publication)
MOST_WHO, MOST_MESSAGE = 200, 500  # letters that the columns hold
_ONE_AT_A_TIME = 0x7175697A  # an advisory lock's number, any


class PublicationNote(NamedTuple):
    """Words that are kept with a publication: who published, and why."""

    who: str = ""
    message: str = ""


def in_turn(connection: Connection) -> None:
    """Let no other transaction publish before this one is over; on SQLite none writes anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")


def keep(connection: Connection, live: LiveQuiz, *, at: datetime) -> None:
    """Keep a quiz version with its catalogue, so that its attempts outlive both files; once."""
    if connection.execute(select(_q.id).where(_q.id == live.version)).first() is None:
        row = {
            "id": live.version,
            "quiz": live.slug,
            "body": live.body,
            "languages": json.dumps(live.language_files),
            "published_at": at,
        }
        connection.execute(insert_once(connection.dialect.name, QuizVersion).values(row))
        keep_catalog(connection, live, at=at)


def keep_catalog(connection: Connection, live: LiveQuiz, *, at: datetime) -> str:
    """Keep the catalogue as a version of its own, once; return that version."""
    version = live.catalog_version
    if connection.execute(select(_c.id).where(_c.id == version)).first() is None:
        connection.execute(
            insert_once(connection.dialect.name, CatalogVersion).values(
                {"id": version, "products": live.products, "first_seen_at": at}
            )
        )
    return version


def publish(
    connection: Connection,
    live: LiveQuiz,
    *,
    at: datetime,
    note: PublicationNote | None = None,
    starts_at: datetime | None = None,
) -> str:
    """Make a pair the one that is served, from now or from `starts_at`; return the publication's id.

    Nothing is written where it is that already: the id is then "".
    """
    in_turn(connection)
    settle(connection, at=at)
    keep(connection, live, at=at)
    keep_catalog(connection, live, at=at)
    later = starts_at is not None and starts_at > at
    mine = (_p.quiz == live.slug, _p.quiz_version == live.version, _p.catalog_version == live.catalog_version)
    if not later and connection.execute(select(_p.id).where(*mine, _p.state == LIVE)).first():
        return ""
    if not later:
        _end(connection, live.slug, state=ENDED, at=at)
    return _insert(
        connection, live, at=at, note=note or PublicationNote(), starts_at=starts_at if later and starts_at else None
    )


def withdraw(connection: Connection, quiz: str, *, at: datetime) -> bool:
    """End what is live of a quiz with nothing in its place; tell whether anything was."""
    in_turn(connection)
    settle(connection, at=at)
    return _end(connection, quiz, state=WITHDRAWN, at=at)


def cancel(connection: Connection, quiz: str, *, at: datetime) -> int:
    """Withdraw what of a quiz is scheduled and has not begun; return how many publications that were."""
    waiting = (_p.quiz == quiz, _p.state == SCHEDULED, _p.starts_at > at)
    return connection.execute(
        update(Publication).where(*waiting).values(state=WITHDRAWN, ends_at=_p.starts_at)
    ).rowcount


def settle(connection: Connection, *, at: datetime) -> list[str]:
    """Make live what was scheduled and has begun, and ended what that takes the place of or whose own end has come.

    Readers go by the moments themselves; this is what makes the rows say so. Returns the quizzes that began.
    """
    began = []
    over = (_p.state == LIVE, _p.ends_at.is_not(None), _p.ends_at <= at)
    connection.execute(update(Publication).where(*over).values(state=ENDED))
    begun = select(_p.id, _p.quiz, _p.starts_at).where(_p.state == SCHEDULED, _p.starts_at <= at)
    for id, quiz, starts_at in connection.execute(begun.order_by(_p.starts_at, _p.published_at)).all():
        running = select(_p.starts_at).where(_p.quiz == quiz, _p.state == LIVE)
        newer = connection.execute(running).scalar()
        if newer is not None and newer > starts_at:  # it was published after this one should have begun
            connection.execute(update(Publication).where(_p.id == id).values(state=ENDED, ends_at=newer))
            continue
        _end(connection, quiz, state=ENDED, at=starts_at)
        connection.execute(update(Publication).where(_p.id == id).values(state=LIVE))
        began.append(quiz)
    return began


def show(connection: Connection, disk: str, quiz: str, pair: str, *, at: datetime) -> None:
    """Note the pair that a disk shows of a quiz."""
    row = {"disk": disk, "quiz": quiz, "pair": pair, "at": at}
    replaced = upsert(connection.dialect.name, DiskOffer, key=("disk", "quiz"), replaced=("pair", "at"))
    connection.execute(replaced.values(row))


def _end(connection: Connection, quiz: str, *, state: str, at: datetime) -> bool:
    # a clock that was set back must not make a publication end before it began
    ends_at = case((_p.starts_at > at, _p.starts_at), else_=at)
    running = (_p.quiz == quiz, _p.state == LIVE)
    return connection.execute(update(Publication).where(*running).values(state=state, ends_at=ends_at)).rowcount > 0


def _insert(
    connection: Connection, live: LiveQuiz, *, at: datetime, note: PublicationNote, starts_at: datetime | None
) -> str:
    id = new_id()
    publication = {
        "id": id,
        "quiz": live.slug,
        "quiz_version": live.version,
        "catalog_version": live.catalog_version,
        "published_at": at,
        "who": note.who[:MOST_WHO],
        "message": note.message[:MOST_MESSAGE],
        "starts_at": starts_at or at,
        "ends_at": None,
        "state": SCHEDULED if starts_at else LIVE,
    }
    connection.execute(insert_once(connection.dialect.name, Publication).values(publication))
    return id
