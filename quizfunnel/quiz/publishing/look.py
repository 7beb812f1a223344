"""Look at the disk and the database: which quizzes are served now, and what keeps the files from being it."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from quizfunnel.kit.clock import Clock
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing import news
from quizfunnel.quiz.publishing.folder import FolderReading, QuizFolder
from quizfunnel.quiz.publishing.pairs import PublishedPair, is_due, is_of_catalog, live_at
from quizfunnel.quiz.publishing.published import PublishedVersions, Standing
from quizfunnel.quiz.publishing.publisher import Offers, Publisher
from quizfunnel.quiz.publishing.said import Said
from quizfunnel.quiz.publishing.stock import hidden
from quizfunnel.store.transaction import DatabaseAway

log = logging.getLogger(__name__)


class Role(NamedTuple):
    """The part of a process in publishing.

    One with a `disk` publishes what that disk offers, and serves what cannot be written yet as it lies there. A
    `strict` one serves what somebody published and nothing else. Any other one serves nobody, as that of a report: it
    takes a quiz that is not published as it lies on the disk. `said` is the folder in which the workers of a server
    know what one of them has logged.
    """

    disk: str = ""
    strict: bool = False
    said: Path | None = None


class Served(NamedTuple):
    """A quiz as it is served: as published, and with the products hidden that are gone since.

    `source` are the versions of the publication, None where nobody has published it yet.
    """

    source: tuple[str, str] | None
    published: LiveQuiz
    gone: frozenset[str]
    live: LiveQuiz


class ShelfLook(NamedTuple):
    """One look; `standing` is None until the database has answered once, `answered` tells whether it did now."""

    folder: FolderReading
    standing: Standing | None
    served: Mapping[str, Served]
    refused: tuple[Finding, ...]
    answered: bool

    def live(self, slug: str) -> LiveQuiz | None:
        """Return a quiz that can be taken."""
        served = self.served.get(slug)
        return served.live if served else None


class _State(NamedTuple):
    """The answer of the database, now or the last that there was, and the pairs that are live by it."""

    standing: Standing | None
    pairs: Mapping[str, PublishedPair]
    before: ShelfLook | None
    answered: bool

    def known(self, slug: str) -> Served | None:
        """Return a quiz as it was served until now."""
        return self.before.served.get(slug) if self.before else None


class Looks:
    """The looks of one process, each made from the one before."""

    def __init__(self, folder: Path, published: PublishedVersions, clock: Clock, role: Role) -> None:
        """Take the folder of the quiz files, the versions in the database, and what the process may do."""
        self._database, self._clock, self._role, self._name = published, clock, role, folder.name
        self._said = Said(role.said)
        self._files = QuizFolder(folder, published, clock, said=self._said)
        self._publisher = Publisher(folder, published, role.disk, clock)

    def look(self, before: ShelfLook | None) -> ShelfLook:
        """Return what is served now."""
        state = self._ask(before)
        folder = self._files.read(before.folder if before else None, lambda slug: self._serving(slug, state))
        published = self._published_now(state, folder)
        offers = self._news(state, folder, published) if state.answered else Offers()
        if self._act(offers, state, folder, published):
            state = self._ask(before)
            published = self._published_now(state, folder)
        served = dict(self._unpublished(state, folder, published))
        served |= {slug: self._served(slug, quiz, state, folder) for slug, quiz in published.items()}
        self._log_new(offers.refused, before.refused if before else ())
        return ShelfLook(folder, state.standing, served, offers.refused, state.answered)

    def _ask(self, before: ShelfLook | None) -> _State:
        """Ask the database; while it is away what it said last holds."""
        try:
            standing: Standing | None = self._database.standing(self._role.disk)
            answered = True
        except DatabaseAway:
            standing, answered = before.standing if before else None, False
        self._database.is_away = not answered
        pairs = live_at(standing.pairs, self._clock.now()) if standing else {}
        return _State(standing, pairs, before, answered)

    def _serving(self, slug: str, state: _State) -> LiveQuiz | None:
        known = state.known(slug)
        return self._quiz(slug, state, None) or (known.live if known else None)

    def _published_now(self, state: _State, folder: FolderReading) -> dict[str, LiveQuiz]:
        quizzes = {slug: self._quiz(slug, state, folder) for slug in state.pairs}
        return {slug: quiz for slug, quiz in quizzes.items() if quiz is not None}

    def _quiz(self, slug: str, state: _State, folder: FolderReading | None) -> LiveQuiz | None:
        """Return the published pair of a quiz: as it is known, or lies on the disk, or is kept in the database."""
        pair, known = state.pairs.get(slug), state.known(slug)
        if pair is None:
            return None
        if known and known.source == pair.versions:
            return known.published
        file = folder.files.get(slug) if folder else None
        if file and file.shown and (file.shown.version, file.shown.catalog_version) == pair.versions:
            return file.shown
        try:
            loaded = self._database.pair(pair) if state.answered else None
        except DatabaseAway:
            loaded = None
        return loaded or (known.published if known else None)

    def _news(self, state: _State, folder: FolderReading, published: Mapping[str, LiveQuiz]) -> Offers:
        """Return what the disk offers, or what waits for somebody where nothing is published by itself."""
        if state.standing is None:
            return Offers()
        offers = Offers()
        if self._role.disk:
            offers = self._publisher.offers(folder, state.standing, published)
        elif self._role.strict:
            shown = {slug: file.shown for slug, file in folder.files.items()}
            offers = Offers(refused=tuple(news.waiting(self._name, shown, published)))
        if published and not folder.whole and not folder.astray:
            return offers._replace(refused=(*offers.refused, news.away(self._name, sorted(published))))
        return offers

    def _act(self, offers: Offers, state: _State, folder: FolderReading, published: Mapping[str, LiveQuiz]) -> bool:
        """Write what is due; tell whether the database has to be asked again."""
        due = state.standing is not None and is_due(state.standing.pairs, self._clock.now())
        if due and state.answered and (self._role.disk or self._role.strict):
            self._publisher.settle()
        self._publisher.take(offers, folder, published)
        # also where nothing could be written: it may be since another process was faster, and published it
        return bool(offers.offers)

    def _served(self, slug: str, quiz: LiveQuiz, state: _State, folder: FolderReading) -> Served:
        """Return a published quiz without the products that a refused catalogue of this disk says are gone."""
        file, known, pair = folder.files.get(slug), state.known(slug), state.pairs[slug]
        shown = state.standing.shown.get(slug) if state.standing else None
        is_news = shown is None or not is_of_catalog(shown, file.catalog_version) if file else False
        gone = file.gone if file and self._role.disk and is_news else frozenset()
        if known and known.published is quiz and known.gone == gone:
            return known._replace(source=pair.versions)
        return Served(pair.versions, quiz, gone, _without(quiz, gone))

    def _unpublished(
        self, state: _State, folder: FolderReading, published: Mapping[str, LiveQuiz]
    ) -> Iterator[tuple[str, Served]]:
        """Yield the quizzes that nobody has published yet, as they lie here or were good last."""
        for slug, file in folder.files.items():
            if slug in published or self._role.strict or self._was_published(slug, state):
                continue
            known = state.known(slug)
            quiz = file.shown or (known.published if known else None)
            if quiz is None:
                continue
            gone = frozenset() if file.shown else file.gone
            same = known and known.published is quiz and known.gone == gone
            yield slug, known if known and same else Served(None, quiz, gone, _without(quiz, gone))

    def _was_published(self, slug: str, state: _State) -> bool:
        """Tell whether a quiz that this process serves was published, so that it is not live for a reason."""
        if not self._role.disk:
            return False
        try:
            return slug in state.pairs or (state.answered and self._database.was_published(slug))
        except DatabaseAway:
            return False

    def _log_new(self, refused: Iterable[Finding], before: Iterable[Finding]) -> None:
        known = set(before)
        self._said.forget(known.difference(refused))
        for finding in refused:
            if finding not in known and self._said.first(finding):
                log.log(logging.ERROR if finding.severity == "error" else logging.INFO, "%s", finding.text())


def _without(quiz: LiveQuiz, gone: frozenset[str]) -> LiveQuiz:
    catalog = hidden(quiz.catalog, gone)
    return quiz if catalog is quiz.catalog else replace(quiz, catalog=catalog)
