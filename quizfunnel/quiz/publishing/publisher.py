"""Publisher: what one disk shows anew is published, and what it shows no more is withdrawn.

A disk offers a pair only where it differs from what that same disk showed last, and by halves: one that changed
its catalogue alone offers the catalogue, to whatever version of the quiz is live. A disk never seen offers only what
nobody has offered. So machines with different disks do not alternate, a restore is not undone, a revert is published.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection

from quizfunnel.catalog.readers import CatalogError
from quizfunnel.kit.clock import Clock
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.check import run
from quizfunnel.quiz.check.judgement import judge, judge_loss
from quizfunnel.quiz.file.load import QuizFileError, load_text
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing import news, publication
from quizfunnel.quiz.publishing.folder import FolderReading
from quizfunnel.quiz.publishing.offers import PairOffer, take
from quizfunnel.quiz.publishing.pairs import GONE, is_of_quiz
from quizfunnel.quiz.publishing.published import PublishedVersions, Standing
from quizfunnel.quiz.publishing.reading import FileReading, errors_of
from quizfunnel.store import patience
from quizfunnel.store.transaction import DatabaseAway, write
from quizfunnel.web.fault_log import FaultLog

log = logging.getLogger(__name__)
_away = FaultLog(log)

SECONDS = 0.25  # a look stands in the way of a shopper, and the next one comes
MOMENT = 0.05  # seconds
MOST_WARNINGS = 5

T = TypeVar("T")


class Offers(NamedTuple):
    """Offers of a disk, and what keeps the rest of it from being offered."""

    offers: tuple[PairOffer, ...] = ()
    refused: tuple[Finding, ...] = ()


class _Joined(NamedTuple):
    """A published version of a quiz with the catalogue that a disk shows for it; None where they do not go together."""

    reading: FileReading
    version: str
    pair: LiveQuiz | None
    why: Finding | None


class Publisher:
    """The offers of one disk; "" is a process that offers nothing."""

    def __init__(self, folder: Path, published: PublishedVersions, disk: str, clock: Clock) -> None:
        """Take the folder, the versions in the database, and the disk's id."""
        self.disk = disk
        self._folder, self._published, self._clock = folder, published, clock
        self._joined: dict[str, _Joined] = {}

    def offers(self, folder: FolderReading, standing: Standing, live: Mapping[str, LiveQuiz]) -> Offers:
        """Return what is news on this disk."""
        found = [
            self._offered(reading.shown, reading, standing.shown.get(slug), live.get(slug))
            for slug, reading in folder.files.items()
            if reading.shown is not None and reading.shown.pair != standing.shown.get(slug)
        ]
        offers = [offer for offer in found if isinstance(offer, PairOffer)]
        if folder.whole:
            offers += self._still_gone(list(_deleted(folder, standing, live)))
        return Offers(tuple(offers), tuple(finding for finding in found if isinstance(finding, Finding)))

    def _still_gone(self, deleted: list[PairOffer]) -> list[PairOffer]:
        """Return the files that stay away: an editor and git take one away for a moment to put another in its place."""
        if deleted:
            time.sleep(MOMENT)
        return [offer for offer in deleted if not (self._folder / f"{offer.quiz}.yaml").exists()]

    def take(self, offers: Offers, folder: FolderReading, live: Mapping[str, LiveQuiz]) -> None:
        """Publish what is offered, and log it; the next look does what failed."""
        taken = [(offer, outcome) for offer in offers.offers if (outcome := self._take(offer)) is not None]
        for offer, outcome in taken:
            for level, line in _lines(outcome, offer, folder, live.get(offer.quiz)):
                log.log(level, "%s", line)

    def settle(self) -> None:
        """Let rows say what has begun by now, and log it."""
        for quiz in self._write(lambda connection: publication.settle(connection, at=self._clock.now())) or ():
            log.info("%s", news.begun(quiz))

    def _take(self, offer: PairOffer) -> news.Outcome | None:
        return self._write(lambda connection: take(connection, offer, self.disk, at=self._clock.now()))

    def _write(self, verb: Callable[[Connection], T]) -> T | None:
        """Return what a verb says; None where the database cannot be written now, and the next look tries again."""
        if self._published.writer is None:
            return None
        try:
            with patience.at_most(SECONDS):
                return write(self._published.writer, verb)
        except DatabaseAway as error:
            _away.line("away", f"the database cannot be written ({error}), so that what is new on the disk waits")
            return None

    def _offered(
        self, shown: LiveQuiz, reading: FileReading, before: str | None, live: LiveQuiz | None
    ) -> PairOffer | Finding | None:
        file = f"{self._folder.name}/{shown.slug}.yaml"
        if live is None and before and is_of_quiz(before, shown.version):
            return None  # it was withdrawn as it lies here, and a new catalogue does not bring it back
        pair = shown
        if live and before and live.version != shown.version and is_of_quiz(before, shown.version):
            joined = self._join(reading, live)
            if joined.pair is None:
                return news.unfit(file, shown.slug, joined.why)
            pair = joined.pair
        if live and (loss := judge_loss(pair.catalog, live.catalog.products)).waits:
            return news.loses(file, shown.slug, loss)
        return PairOffer(shown.slug, shown.pair, before, pair)

    def _join(self, reading: FileReading, live: LiveQuiz) -> _Joined:
        """Judge the version that serves with the catalogue that lies here now; once for each state of the files."""
        known = self._joined.get(live.slug)
        if known is None or known.reading is not reading or known.version != live.version:
            known = self._joined[live.slug] = _judged(reading, live, self._folder, now=self._clock.now())
        return known


def _judged(reading: FileReading, live: LiveQuiz, folder: Path, *, now: datetime) -> _Joined:
    path = folder / f"{live.slug}.yaml"
    file = run.catalog_file(path, live.quiz) or path  # which no catalogue is
    try:
        loaded = load_text(live.body, f"{folder.name}/{live.slug}.yaml")
        name = f"{folder.name}/{live.quiz.catalog_ref.file}"
        catalog = run.read_catalog_of(live.quiz, file, name=name, now=now).catalog
    except (QuizFileError, CatalogError) as error:
        return _Joined(reading, live.version, None, error.findings[0])
    wrong = next(iter(errors_of(judge(loaded, catalog).findings)), None)
    pair = None if wrong else replace(live, catalog=catalog)
    return _Joined(reading, live.version, pair, wrong)


def _deleted(folder: FolderReading, standing: Standing, live: Mapping[str, LiveQuiz]) -> Iterator[PairOffer]:
    """Yield the quizzes whose files this disk had and has no more.

    Before any disk was noted, every file was live as it lay there: what is published without one was deleted then.
    """
    for quiz, shown in standing.shown.items():
        if quiz not in folder.files and shown != GONE:
            yield PairOffer(quiz, GONE, shown, None)
    if not standing.any_disk:
        yield from (PairOffer(quiz, GONE, None, None) for quiz in live if quiz not in folder.files)


def _lines(
    outcome: news.Outcome, offer: PairOffer, folder: FolderReading, before: LiveQuiz | None
) -> Iterator[tuple[int, str]]:
    if outcome == "published" and offer.pair is not None:
        yield logging.INFO, news.published(offer.pair, before)
        findings = folder.files[offer.quiz].findings
        warnings = [finding for finding in findings if finding.severity == "warning"]
        yield from ((logging.WARNING, finding.text()) for finding in warnings[:MOST_WARNINGS])
        if len(warnings) > MOST_WARNINGS:
            yield logging.WARNING, f"and {len(warnings) - MOST_WARNINGS} more warnings; run `quizfunnel check`"
    elif outcome == "withdrawn":
        shown = {slug: file.shown for slug, file in folder.files.items() if file.shown}
        renamed = next((slug for slug, now in shown.items() if offer.quiz in now.quiz.was), "")
        copy = next((slug for slug, now in shown.items() if offer.before and is_of_quiz(offer.before, now.version)), "")
        yield logging.WARNING, news.withdrawn(offer.quiz, renamed=renamed, copy=copy)
    elif outcome == "known":
        yield logging.WARNING, news.known(offer.quiz)
