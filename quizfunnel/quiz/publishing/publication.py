"""Verbs of publication: quiz and catalogue versions are kept in the database, and which pair was published when."""

from datetime import datetime

from sqlalchemy import Connection, case, select, update

from quizfunnel.kit.ids import new_id
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.tables import CatalogVersion, Publication, QuizVersion
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import insert_once

_q, _c, _p = columns(QuizVersion), columns(CatalogVersion), columns(Publication)


def publish(connection: Connection, live: LiveQuiz, *, at: datetime) -> None:
    """Keep a quiz with its catalogue, so that its attempts outlive both files; once for each pair.

    A pair that is new is the one that is live from now.
    """
    pair = (_p.quiz_version == live.version, _p.catalog_version == live.catalog_version)
    if connection.execute(select(_p.id).where(*pair).limit(1)).first():
        return
    row = {"id": live.version, "quiz": live.slug, "body": live.body, "languages": "{}", "published_at": at}
    connection.execute(insert_once(connection.dialect.name, QuizVersion).values(row))
    keep_catalog(connection, live, at=at)
    running = (_p.quiz == live.slug, _p.state == "live")
    # a clock that was set back must not make a publication end before it began
    ends_at = case((_p.starts_at > at, _p.starts_at), else_=at)
    connection.execute(update(Publication).where(*running).values(state="ended", ends_at=ends_at))
    publication = {
        "id": new_id(),
        "quiz": live.slug,
        "quiz_version": live.version,
        "catalog_version": live.catalog_version,
        "published_at": at,
        "who": "",
        "message": "",
        "starts_at": at,
        "ends_at": None,
        "state": "live",
    }
    connection.execute(insert_once(connection.dialect.name, Publication).values(publication))


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
