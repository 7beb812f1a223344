"""Publishing desk: a pair is published, withdrawn or restored by somebody, who says so."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, Engine

from quizfunnel.kit.clock import Clock
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.check.judgement import judge, judge_loss
from quizfunnel.quiz.file.load import load_text
from quizfunnel.quiz.kinds.words import listed
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing import news, publication
from quizfunnel.quiz.publishing.folder import FolderReading, QuizFolder
from quizfunnel.quiz.publishing.pairs import GONE, SCHEDULED, PublishedPair
from quizfunnel.quiz.publishing.publication import PublicationNote
from quizfunnel.quiz.publishing.published import ExperimentReader, PublishedVersions
from quizfunnel.quiz.publishing.publisher import Publisher
from quizfunnel.quiz.publishing.reading import FileReading, errors_of
from quizfunnel.quiz.publishing.stock import hidden
from quizfunnel.store.transaction import write

MOST_LISTED = 10_000

T = TypeVar("T")


class PublishingRefused(Exception):  # noqa: N818 - it is an answer to somebody
    """An answer why nothing was published; `findings` say it of the files."""

    def __init__(self, text: str, findings: Sequence[Finding] = ()) -> None:
        """Take the sentence, and the findings behind it."""
        super().__init__(text)
        self.findings = tuple(findings)


class PublicationTerms(NamedTuple):
    """Terms of a publication: from when, whether it may lack what is on sale, and the words kept with it."""

    starts_at: datetime | None = None
    accept: bool = False
    note: PublicationNote = PublicationNote()


class Desk:
    """The files of one disk and the publications in one database."""

    def __init__(self, folder: Path, engine: Engine, experiments: ExperimentReader, disk: str, clock: Clock) -> None:
        """Take the folder of the quiz files, the database, and the disk's id."""
        self._folder, self._engine, self._disk, self._clock = folder, engine, disk, clock
        self._published = PublishedVersions(engine, experiments)
        self._files = QuizFolder(folder, self._published, clock, said=None)
        self._reading: FolderReading | None = None

    def slugs(self) -> tuple[str, ...]:
        """Return the names of the quiz files."""
        return tuple(sorted(self._read().files))

    def publish(self, quiz: str, terms: PublicationTerms) -> str:
        """Publish the pair that lies here; return what was done in words, or raise PublishingRefused."""
        now, live, file = self._clock.now(), self.live(quiz), self._existing(quiz)
        pair = file.shown
        if pair is None:
            hiding = self._hide(live, file)
            raise PublishingRefused(f"{quiz}: is refused; mend what is said above{hiding}", errors_of(file.findings))
        if live and not terms.accept and (loss := judge_loss(pair.catalog, live.catalog.products)).waits:
            raise PublishingRefused(f"{quiz}: {loss.loss}. If they are really gone: --accept{self._hide(live, file)}")

        def verb(connection: Connection) -> str:
            publication.show(connection, self._disk, quiz, pair.pair, at=now)
            return publication.publish(connection, pair, at=now, note=terms.note, starts_at=terms.starts_at)

        done = self._write(verb)
        if not done:
            return f"`{quiz}` is live as it lies here: nothing to publish"
        if terms.starts_at and terms.starts_at > now:
            return f"`{quiz}` is scheduled for {terms.starts_at:%Y-%m-%d %H:%M} UTC: {news.differences(pair, live)}"
        return news.published(pair, live)

    def withdraw(self, quiz: str) -> str:
        """End what is live of a quiz, and what is scheduled; the file may stay."""
        now = self._clock.now()
        file = self._file(quiz)
        shows = file.shown.pair if file and file.shown else GONE

        def verb(connection: Connection) -> tuple[bool, int]:
            publication.show(connection, self._disk, quiz, shows, at=now)
            return publication.withdraw(connection, quiz, at=now), publication.cancel(connection, quiz, at=now)

        ended, cancelled = self._write(verb)
        if not ended and not cancelled:
            raise PublishingRefused(f"{quiz}: is not live, nor scheduled; quizfunnel publications lists what is")
        return f"`{quiz}` is withdrawn: who began can finish for 24 hours, new starts are 410"

    def restore(self, quiz: str, id: str = "", *, whole: bool = False, note: PublicationNote) -> str:
        """Publish what was live before once more; the disk's file is no news after that.

        It is offered with the products that are live now where these go with it, else, or `whole`, with its own.
        """
        now, live = self._clock.now(), self.live(quiz)
        wanted = self._earlier(quiz, id, live)
        pair = self._published.pair(wanted)
        if pair is None:
            raise PublishingRefused(f"{quiz}: the version of {wanted.id[:8]} cannot be read by this release")
        fresh = None if whole or live is None or live.version == pair.version else _with_products(pair, live)
        file = self._file(quiz)

        def verb(connection: Connection) -> str:
            if file and file.shown:
                publication.show(connection, self._disk, quiz, file.shown.pair, at=now)
            return publication.publish(connection, fresh or pair, at=now, note=note)

        if not self._write(verb):
            return f"`{quiz}` is live as it was then: nothing to restore"
        products = "the products of now" if fresh else "its own products, prices and stock of then"
        return f"{news.published(fresh or pair, live)}. It has {products}"

    def publications(self, quiz: str = "") -> list[PublishedPair]:
        """Return publications, of one quiz or of all, the newest first."""
        return list(self._published.recent(MOST_LISTED, quiz))

    def waiting(self, *, by_itself: bool) -> list[Finding]:
        """Return what of this disk is refused, or waits for somebody; `by_itself` where what is good does not wait."""
        folder = self._read()
        standing = self._published.standing(self._disk)
        live = {quiz: pair for quiz in folder.files if (pair := self.live(quiz))}
        findings = [*folder.astray, *(each for file in folder.files.values() for each in errors_of(file.findings))]
        if by_itself:
            publisher = Publisher(self._folder, self._published, self._disk, self._clock)
            return [*findings, *publisher.offers(folder, standing, live).refused]
        return [
            *findings,
            *news.waiting(self._folder.name, {quiz: file.shown for quiz, file in folder.files.items()}, live),
        ]

    def live(self, quiz: str) -> LiveQuiz | None:
        """Return the published pair of a quiz that is live now."""
        return self._published.live(quiz, at=self._clock.now())

    def warnings(self, quiz: str) -> list[str]:
        """Return the warnings about a quiz file that may be live all the same."""
        file = self._file(quiz)
        return [finding.text() for finding in file.findings if finding.severity == "warning"] if file else []

    def _read(self) -> FolderReading:
        self._reading = self._files.read(self._reading, self.live)
        return self._reading

    def _file(self, quiz: str) -> FileReading | None:
        return self._read().files.get(quiz)

    def _existing(self, quiz: str) -> FileReading:
        file = self._read().files.get(quiz)
        if file is None:
            there = ", ".join(self.slugs()) or "none"
            raise PublishingRefused(f"there is no file {self._folder.name}/{quiz}.yaml; there is: {there}")
        return file

    def _hide(self, live: LiveQuiz | None, file: FileReading) -> str:
        """Publish what is live without what a refused catalogue says is gone; return that in words, if anything is."""
        if live is None or (rest := hidden(live.catalog, file.gone)) is live.catalog:
            return ""
        gone = [product.id for product in live.catalog.products if product.available and product.id in file.gone]
        without = replace(live, catalog=rest)
        note = PublicationNote(message="a refused catalogue says sold out or withdrawn: " + listed(gone))
        self._write(lambda connection: publication.publish(connection, without, at=self._clock.now(), note=note))
        return f". No longer shown, since sold out or withdrawn: {listed(gone)}"

    def _earlier(self, quiz: str, id: str, live: LiveQuiz | None) -> PublishedPair:
        """Return the publication that an id or its beginning names; without one the last with another version."""
        pairs = [pair for pair in self.publications(quiz) if pair.state != SCHEDULED]
        found = [pair for pair in pairs if pair.id.startswith(id)]
        if not id:
            served = (pair for pair in pairs if not pair.was_cancelled)
            found = [pair for pair in served if live is None or pair.quiz_version != live.version][:1]
        if not found:
            missing = f"there is no publication `{id}` of {quiz}" if id else f"{quiz}: nothing else was live before"
            raise PublishingRefused(f"{missing}; quizfunnel publications {quiz} lists them")
        if len(found) > 1:
            raise PublishingRefused(f"`{id}` begins the ids of {len(found)} publications of {quiz}; write more of it")
        return found[0]

    def _write(self, verb: Callable[[Connection], T]) -> T:
        return write(self._engine, verb)


def _with_products(pair: LiveQuiz, live: LiveQuiz) -> LiveQuiz | None:
    """Return a quiz with the products that are live, None where they do not go together."""
    refused = judge(load_text(pair.body, f"{pair.slug}.yaml"), live.catalog).is_refused
    return None if refused else replace(pair, catalog=live.catalog)
