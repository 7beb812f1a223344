"""The quizzes that are live, the versions that attempts began with, and what keeps a file from serving.

A file is looked at again at most once a second, in every worker. While it is broken the last good
version serves on; after a restart that is the newest version in the database.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple


from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects import postgresql, sqlite

from quizfunnel.catalog.finding import Finding
from quizfunnel.catalog.product import Catalog, Product, Variant
from quizfunnel.kit.clock import Clock
from quizfunnel.quiz import check
from quizfunnel.quiz.load import LoadedQuiz, load_text
from quizfunnel.quiz.spec import Quiz
from quizfunnel.quiz.tables import QuizVersion
from quizfunnel.store.transaction import reading

log = logging.getLogger(__name__)

LOOK_AGAIN_MS = 1000

_Stamp = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, eq=False)
class LiveQuiz:
    """One quiz version with the products it is offered from now."""

    slug: str
    version: str
    quiz: Quiz
    catalog: Catalog
    body: str = ""


class _Kept(NamedTuple):
    stamp: _Stamp
    live: LiveQuiz | None
    findings: tuple[Finding, ...]


class Shelf:
    """The quizzes of one folder, by slug; safe to share between threads."""

    def __init__(self, folder: Path, engine: Engine | None, clock: Clock) -> None:
        """Take the folder of the quiz files; without an engine nothing outlives a broken file's restart."""
        self._folder = folder
        self._engine = engine
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._pinned: dict[str, LiveQuiz] = {}
        self._looked_ms: int | None = None
        self._lock = RLock()

    def slugs(self) -> tuple[str, ...]:
        """Return the slugs of the quizzes that can be taken."""
        return tuple(sorted(slug for slug, kept in self._look().items() if kept.live))

    def live(self, slug: str) -> LiveQuiz | None:
        """Return the quiz as its file says now, or said when it last was good; None where there is none."""
        kept = self._look().get(slug)
        return kept.live if kept else None

    def pinned(self, version: str) -> LiveQuiz | None:
        """Return the version that an attempt began with, its products as they are now."""
        known = self._pinned.get(version)
        if known is None:
            known = self._restore(version)
            if known is None:
                return None
            self._pinned[version] = known
        now = self.live(known.slug)
        if now is None or now is known or now.catalog is known.catalog:
            return known
        fresh = LiveQuiz(known.slug, known.version, known.quiz, now.catalog, known.body)
        self._pinned[version] = fresh
        return fresh

    def withdrawn(self, slug: str) -> bool:
        """Tell whether a quiz was served once and its file is gone."""
        return self.live(slug) is None and self._newest(slug) is not None

    def problems(self) -> tuple[Finding, ...]:
        """Return what keeps files from serving as they stand."""
        return tuple(
            finding for kept in self._look().values() for finding in kept.findings if finding.severity == "error"
        )

    def catalogs(self) -> tuple[Catalog, ...]:
        """Return the catalogue of every live quiz."""
        return tuple(kept.live.catalog for kept in self._look().values() if kept.live)

    def _look(self) -> Mapping[str, _Kept]:
        now = self._clock.monotonic_ms()
        if self._looked_ms is not None and 0 <= now - self._looked_ms < LOOK_AGAIN_MS:
            return self._kept
        with self._lock:
            self._looked_ms = now
            self._kept = {path.stem: self._refresh(path) for path in _files(self._folder)}
            return self._kept

    def _refresh(self, path: Path) -> _Kept:
        before = self._kept.get(path.stem)
        stamp = _stamp(path, before.live if before else None)
        if before is not None and before.stamp == stamp:
            return before
        live, findings = _read(path)
        if live is None:
            for finding in findings:
                if finding.severity == "error":
                    log.error("quiz file refused, the last good version serves on: %s", finding.text())
            live = before.live if before else self._newest(path.stem)
        else:
            self._pinned[live.version] = live
        return _Kept(_stamp(path, live), live, tuple(findings))

    def _newest(self, slug: str) -> LiveQuiz | None:
        statement = select(QuizVersion.id).where(QuizVersion.quiz == slug)
        statement = statement.order_by(QuizVersion.published_at.desc()).limit(1)
        version = self._ask(statement)
        return self._restore(version[0]) if version else None

    def _restore(self, version: str) -> LiveQuiz | None:
        row = self._ask(
            select(QuizVersion.quiz, QuizVersion.body, QuizVersion.products).where(QuizVersion.id == version)
        )
        if row is None:
            return None
        loaded = load_text(row[1], f"{row[0]}.yaml")
        return LiveQuiz(row[0], version, loaded.quiz, products_from_json(row[2]), row[1])

    def _ask(self, statement: Any) -> Any:
        if self._engine is None:
            return None
        with reading(self._engine) as connection:
            return connection.execute(statement).first()


def publish(connection: Connection, live: LiveQuiz, *, at: datetime) -> None:
    """Keep a version in the database, so that its attempts outlive its file; once is enough."""
    if connection.execute(select(QuizVersion.id).where(QuizVersion.id == live.version)).first():
        return
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(
        kind.insert(QuizVersion)
        .values(
            id=live.version,
            quiz=live.slug,
            body=live.body,
            products=products_as_json(live.catalog),
            published_at=at,
        )
        .on_conflict_do_nothing()
    )


def products_as_json(catalog: Catalog) -> str:
    """Return a catalogue's products as JSON text."""
    return json.dumps([asdict(product) | {"tags": sorted(product.tags)} for product in catalog.products])


def products_from_json(text: str) -> Catalog:
    """Return the catalogue that `products_as_json` wrote."""
    return Catalog(
        tuple(
            Product(
                **(
                    entry
                    | {
                        "tags": frozenset(entry["tags"]),
                        "variants": tuple(Variant(**variant) for variant in entry["variants"]),
                    }
                )
            )
            for entry in json.loads(text)
        )
    )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.yaml") if path.is_file())


def _stamp(path: Path, live: LiveQuiz | None) -> _Stamp:
    paths = [path]
    if live is not None:
        paths.append(path.parent / live.quiz.catalog_ref.file)
    return tuple(_stat(each) for each in paths)


def _stat(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(path: Path) -> tuple[LiveQuiz | None, list[Finding]]:
    result = check.check_file(path)
    errors = any(finding.severity == "error" for finding in result.findings)
    if errors or result.loaded is None or result.catalog is None:
        return None, result.findings
    loaded: LoadedQuiz = result.loaded
    return LiveQuiz(path.stem, loaded.version, loaded.quiz, result.catalog, loaded.body), result.findings
