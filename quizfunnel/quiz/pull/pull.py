"""Pull of one catalogue: read where the shop's export writes it, tried out, and put in its place whole."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

from quizfunnel.catalog.changes import CatalogChanges, changes
from quizfunnel.kit import files
from quizfunnel.kit.finding import Finding
from quizfunnel.outbound import OutboundClient
from quizfunnel.quiz.pull.source import SourceError, SourceReading, digest, read_source
from quizfunnel.quiz.pull.trial import CatalogTrial, LiveReader, catalogs_of, try_out
from quizfunnel.quiz.pull.validators import ValidatorFile
from quizfunnel.settings import CatalogSource, Settings

PullOutcome = Literal["pulled", "unchanged", "would", "refused", "failed"]
"""The fate of a catalogue: `would` is a dry run of `pulled`; `failed` had nothing to look at."""


class PullTerms(NamedTuple):
    """Terms of a pull: whether much may be missing, and whether it is only looked at."""

    accept: bool = False
    dry: bool = False


class PullStore(NamedTuple):
    """The store that catalogues are pulled into; relative paths of sources are below `base`."""

    quizzes: Path
    var: Path
    base: Path
    client: OutboundClient
    live: LiveReader

    @classmethod
    def of(cls, settings: Settings, live: LiveReader) -> Self:
        """Return the store of these settings, with the one client that its hosts allow."""
        client = OutboundClient(settings.private_hosts)
        return cls(settings.store / "quizzes", settings.var, settings.store, client, live)


class Pulled(NamedTuple):
    """Outcome of one pull: what it says, the quizzes that name the catalogue, and the findings behind a refusal."""

    catalog: str
    place: str
    outcome: PullOutcome
    says: str
    quizzes: tuple[str, ...] = ()
    changes: CatalogChanges | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def is_fault(self) -> bool:
        """Tell whether somebody has to do something."""
        return self.outcome in ("refused", "failed")

    def text(self) -> str:
        """Return the outcome in one line."""
        return f"{self.catalog}: {self.says}"

    def as_json(self) -> dict[str, Any]:
        """Return the outcome for a program."""
        return {
            "catalog": self.catalog,
            "from": self.place,
            "outcome": self.outcome,
            "says": self.says,
            "quizzes": list(self.quizzes),
            "changes": self.changes.as_json() if self.changes else None,
            "findings": [finding._asdict() for finding in self.findings],
        }


def pull(store: PullStore, catalog: str, source: CatalogSource, terms: PullTerms) -> Pulled:
    """Pull one catalogue; what is wrong with it is in the outcome, and the file that is there stays."""
    try:
        with files.locked(store.var / "catalogs"):
            return _pulled(store, catalog, source, terms)
    except SourceError as error:
        says = str(error)
    except OSError as error:
        says = f"{error.filename or store.quizzes}: {error.strerror}; look at who may write there and at its room"
    return Pulled(catalog, source.place.partition("?")[0], "failed", says)


def _pulled(store: PullStore, catalog: str, source: CatalogSource, terms: PullTerms) -> Pulled:
    file = (store.quizzes / catalog).resolve()
    memory = ValidatorFile.of(store.var / "catalogs", catalog, source.place)
    here = _digest_of(file)
    known = memory.read(here)
    reading = read_source(source, file.name, folder=store.base, client=store.client, known=known)
    if reading.body is not None and digest(reading.body) != here:
        outcome = _put(store, catalog, file, reading, terms)
    else:
        outcome = Pulled(catalog, reading.place, "unchanged", f"is as it was at {reading.place}")
    if reading.body is not None and outcome.outcome in ("pulled", "unchanged") and not terms.dry:
        memory.write(digest(reading.body), reading.validators)
    return outcome


def _put(store: PullStore, catalog: str, file: Path, reading: SourceReading, terms: PullTerms) -> Pulled:
    """Try a new body out beside the file that it is to replace, and replace that where nothing is wrong."""
    with _aside(file, reading.body or b"") as candidate:
        trial = try_out(store.quizzes, catalog, candidate, store.live)
        refusal = _refusal(catalog, trial, terms)
        outcome: PullOutcome = "refused" if refusal else "would" if terms.dry else "pulled"
        kept = store.var / "catalogs" / f"refused-{catalog.replace('/', '-')}"
        if outcome == "pulled":
            candidate.replace(file)
            files.fsync_folder(file.parent)
            kept.unlink(missing_ok=True)
        elif outcome == "refused" and not terms.dry:
            shutil.copyfile(candidate, kept)
            refusal += f" (the new one lies in {kept})"
    changed = changes(trial.before, trial.now) if trial.now else None
    says = refusal or f"{'would be ' if terms.dry else ''}pulled from {reading.place}: {_summary(trial, changed)}"
    if not refusal and not trial.quizzes and (named := sorted(set(catalogs_of(store.quizzes).values()))):
        says += f"; quizzes name: {', '.join(named)}"
    return Pulled(catalog, reading.place, outcome, says, trial.quizzes, changed, trial.findings if refusal else ())


def _refusal(catalog: str, trial: CatalogTrial, terms: PullTerms) -> str:
    """Return in words why a catalogue is not taken; "" where it is."""
    if trial.findings or trial.now is None:
        others = f"; {len(trial.findings) - 1} more" if len(trial.findings) > 1 else ""
        first = trial.findings[0].text() if trial.findings else "no product could be read"
        short = f"{trial.loss}. " if trial.loss else ""  # what an export that was cut short has in common
        return f"refused, and the one that is here stays: {short}{first}{others}"
    if trial.loss and not terms.accept:
        accept = f"quizfunnel catalog pull --into {catalog} --accept"
        return f"refused, and the one that is here stays: {trial.loss}. If they are really gone: {accept}"
    return ""


def _summary(trial: CatalogTrial, changed: CatalogChanges | None) -> str:
    says = changed.text() if changed else ""
    if trial.left_out:
        says += f". {trial.left_out} remark{'s' * (trial.left_out > 1)} on its rows; quizfunnel check has them"
    if trial.broken:
        says += f". Errors of their own keep from serving: {', '.join(trial.broken)}; quizfunnel check has them"
    return f"{says}. Quizzes with it: {', '.join(trial.quizzes) or 'none yet'}"


@contextmanager
def _aside(file: Path, body: bytes) -> Iterator[Path]:
    """Lay a body beside a file, with that file's rights; what is left of it afterwards goes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    candidate = file.with_name(f".new-{file.name}")
    files.write(candidate, body)
    with suppress(FileNotFoundError):
        shutil.copymode(file, candidate)
    try:
        yield candidate
    finally:
        candidate.unlink(missing_ok=True)


def _digest_of(file: Path) -> str:
    try:
        return digest(file.read_bytes())
    except OSError:
        return ""
