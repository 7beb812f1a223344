"""Steps of the recurring work, in the order in which one leaves to the next what it needs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from quizfunnel.insight.report import experiment as experiments
from quizfunnel.insight.rollup import refresh
from quizfunnel.insight.rollup.refresh import Task
from quizfunnel.insight.rollup.store import WORK as ROLLUP
from quizfunnel.orders import inbox
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources import SOURCES
from quizfunnel.orders.sources.configured import configured
from quizfunnel.privacy import replay, requests
from quizfunnel.privacy.erasure_list import ErasureListError
from quizfunnel.privacy.forget import Keeper
from quizfunnel.privacy.requests import Office
from quizfunnel.privacy.words import answers_in_words
from quizfunnel.quiz.pull.pull import PullStore, PullTerms, pull
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.settings import Settings
from quizfunnel.store import partitions
from quizfunnel.store.leftovers import empty_wal, kept_copies
from quizfunnel.store.single_run import Busy, single_run
from quizfunnel.store.transaction import reading
from quizfunnel.upkeep import retention
from quizfunnel.upkeep.retention import Purge
from quizfunnel.upkeep.runner import Step, StepError
from quizfunnel.visit.erasure import ErasureKey, KeyMissing

_A_DAY = timedelta(hours=20)  # of a cron that is a little early
_LEARNING = ("numpy", "scipy", "sklearn", "skops")


class StoreUpkeep(NamedTuple):
    """A store whose recurring work is done: its settings, database, quizzes and keys, and the moment."""

    settings: Settings
    engine: Engine
    shelf: Shelf
    keys: AttributionKeys
    now: datetime


def steps(store: StoreUpkeep) -> tuple[Step, ...]:
    """Return every step: what is unread, who is to be forgotten, what is too old; then products, figures, models."""
    return (
        Step("replay", partial(_replay, store)),
        Step("requests", partial(_requests, store)),
        Step("erasures", partial(_erasures, store)),
        Step("partitions", partial(_partitions, store)),
        Step("retention", partial(_retention, store)),
        Step("catalogs", partial(_catalogs, store)),
        Step("rollup", partial(_rollup, store)),
        Step("train", partial(_train, store), every=_A_DAY),
        Step("files", partial(_files, store)),
    )


def _replay(store: StoreUpkeep) -> str:
    done = inbox.replay(store.engine, configured(store.settings), store.keys, now=store.now)
    counts = {
        "applied": done.applied,
        "changed nothing": done.unchanged,
        "cannot be read": done.dead,
        "wait for their moment": done.waiting,
        "have a source without a secret here": done.passed_over,
    }
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count) or "every delivery is read"


def _requests(store: StoreUpkeep) -> str:
    folder, words = store.settings.disclosures, answers_in_words(store.shelf)
    keeper = Keeper(store.engine, ErasureKey(store.settings.erasures_folder), folder)
    office = Office(keeper, {kind.name: kind.read for kind in SOURCES}, folder, words, store.now)
    try:
        done = requests.obey(office)
    except KeyMissing as error:
        raise StepError(str(error)) from None
    return "; ".join(each.text() for each in done) or "nobody asked about personal data"


def _erasures(store: StoreUpkeep) -> str:
    folder = store.settings.erasures_folder
    try:
        done = replay.replay_erasures(store.engine, folder, now=store.now)
        unlisted = replay.unlisted(store.engine, folder)
    except (KeyMissing, ErasureListError) as error:
        raise StepError(str(error)) from None
    if unlisted:
        raise StepError(
            f"{done.text()}; the database knows {unlisted:,} that {folder} does not list, so a backup would bring them "
            f"back: let QUIZFUNNEL_ERASURES name one folder for all machines, and put its list back where it was lost"
        )
    return done.text()


def _partitions(store: StoreUpkeep) -> str:
    made = partitions.make_ahead(store.engine, now=store.now)
    return f"made {', '.join(made)}" if made else "every month has what it needs"


def _retention(store: StoreUpkeep) -> str:
    done = retention.purge(Purge(store.engine, store.settings.retention, store.now))
    gone = ", ".join(f"{count:,} {kind}" for kind, count in done.gone.items()) or "nothing is too old"
    if done.kept_back:
        raise StepError(f"{gone}; kept back by another program's lock: {', '.join(done.kept_back)}")
    return gone


def _catalogs(store: StoreUpkeep) -> str:
    into = PullStore.of(store.settings, store.shelf.live)
    done = [pull(into, catalog, source, PullTerms()) for catalog, source in store.settings.catalogs.items()]
    says = "; ".join(each.text() for each in done) or "none has a source in the settings"
    if any(each.is_fault for each in done):
        raise StepError(says)
    return says


def _rollup(store: StoreUpkeep) -> str:
    lines = []
    try:
        with single_run(store.engine, ROLLUP):
            for task in _tasks(store):
                done = refresh.roll(store.engine, task, now=store.now)
                if done is not None:
                    lines.append(refresh.describe(task, done))
    except Busy:
        raise StepError("another rollup is under way") from None
    return "; ".join(lines) or "nobody came yet"


def _tasks(store: StoreUpkeep) -> Iterator[Task]:
    with reading(store.engine) as connection:
        designs = tuple(experiments.all_of_them(connection, store.settings).values())
    for simulated in (False, True):
        for slug in store.shelf.slugs():
            if live := store.shelf.live(slug):
                yield Task.of_quiz(live, simulated=simulated)
        for design in designs:
            yield Task.of_store(design, simulated=simulated)


def _train(store: StoreUpkeep) -> str:
    if any(find_spec(name) is None for name in _LEARNING):
        return "nothing learns here: pip install 'quizfunnel[learn]'"
    lines, faults = [], []
    for slug in store.shelf.slugs():
        says, fault = _train_quiz(store, slug)
        lines.append(f"{slug}: {says}")
        faults += [slug] if fault else []
    if faults:
        raise StepError("; ".join(lines))
    return "; ".join(lines) or "there is no quiz"


def _train_quiz(store: StoreUpkeep, slug: str) -> tuple[str, bool]:
    """Return what became of a quiz's training, and whether that is a fault; too little to learn from is none."""
    from quizfunnel.learning import training
    from quizfunnel.recommend.registry.folder import Registry
    from quizfunnel.recommend.registry.manifest import RegistryError
    from quizfunnel.recommend.training.train import TrainingError

    live = store.shelf.live(slug)
    if live is None:
        return "cannot be taken", False
    registry = Registry(store.settings.store / "models")
    try:
        with reading(store.engine) as connection:
            simulated = training.has_simulated(connection)
            versions = training.versions(connection, store.shelf, slug)
            context = training.TrainingContext(live, versions, registry, simulated=simulated, now=store.now)
            trained = training.run(connection, context)
    except TrainingError as error:
        return f"nothing learnt: {error}", False
    except RegistryError as error:
        return str(error), True
    return f"{trained.version} {trained.became}: {trained.why}", False


def _files(store: StoreUpkeep) -> str:
    old = [path for path in _old_files(store) if _is_old(store, path)]
    for path in old:
        path.unlink(missing_ok=True)
    emptied = "the database's log of changes is empty" if empty_wal(store.engine) else "somebody was reading"
    return f"{len(old):,} files that were kept long enough deleted; {emptied}"


def _old_files(store: StoreUpkeep) -> Iterator[Path]:
    yield from store.settings.disclosures.glob("*.json")
    yield from (copy.path for copy in kept_copies(store.engine))


def _is_old(store: StoreUpkeep, path: Path) -> bool:
    before = store.settings.retention.cutoff("files", store.now)
    return before is not None and path.stat().st_mtime < before.timestamp()
