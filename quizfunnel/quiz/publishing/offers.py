"""Offers of a disk: a pair that it shows anew, as against what that same disk showed last, taken in one transaction."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing import publication
from quizfunnel.quiz.publishing.news import Outcome
from quizfunnel.quiz.publishing.pairs import LIVE
from quizfunnel.quiz.publishing.publication import PublicationNote
from quizfunnel.quiz.tables import DiskOffer, Publication
from quizfunnel.store.types import columns

_p, _d = columns(Publication), columns(DiskOffer)


class PairOffer(NamedTuple):
    """A pair that a disk shows, what it showed before, and what of it is to be served; None withdraws the quiz."""

    quiz: str
    shows: str
    before: str | None
    pair: LiveQuiz | None


def take(connection: Connection, offer: PairOffer, disk: str, *, at: datetime) -> Outcome:
    """Note what the disk shows and publish it; nothing happens where another process of the disk was first."""
    publication.in_turn(connection)
    before = connection.execute(select(_d.pair).where(_d.disk == disk, _d.quiz == offer.quiz)).scalar()
    if before != offer.before:
        return ""
    known = offer.before is None and offer.pair is not None and _is_known(connection, offer.pair)
    publication.show(connection, disk, offer.quiz, offer.shows, at=at)
    if offer.pair is None:
        return "withdrawn" if publication.withdraw(connection, offer.quiz, at=at) else "noted"
    if known:
        return "noted" if _is_live(connection, offer.pair) else "known"
    note = PublicationNote(who=f"disk {disk[:8]}")
    return "published" if publication.publish(connection, offer.pair, at=at, note=note) else "noted"


def _is_known(connection: Connection, pair: LiveQuiz) -> bool:
    """Tell whether some disk has shown the quiz, and the pair was shown or published: a new disk may be an old one."""
    shown = set(connection.execute(select(_d.pair).where(_d.quiz == pair.slug)).scalars())
    published = select(_p.id).where(*_same(pair)).limit(1)
    return bool(shown) and (pair.pair in shown or connection.execute(published).first() is not None)


def _is_live(connection: Connection, pair: LiveQuiz) -> bool:
    return connection.execute(select(_p.id).where(*_same(pair), _p.state == LIVE)).first() is not None


def _same(pair: LiveQuiz) -> tuple[ColumnElement[bool], ...]:
    return (_p.quiz == pair.slug, _p.quiz_version == pair.version, _p.catalog_version == pair.catalog_version)
