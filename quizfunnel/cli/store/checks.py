"""Store checks: quiz files against the store that serves them, its settings, experiments and answers."""

from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Literal

    from sqlalchemy import Engine

    from quizfunnel.experiment.design import FrozenDesign
    from quizfunnel.kit.finding import Finding
    from quizfunnel.quiz.check.run import CheckResult
    from quizfunnel.quiz.file.load import LoadedQuiz
    from quizfunnel.quiz.live_quiz import LiveQuiz
    from quizfunnel.quiz.spec import Quiz
    from quizfunnel.settings import Settings


@contextmanager
def served_store() -> "Iterator[tuple[Settings, Engine] | None]":
    """Yield the store of this folder, None where it has none that was ever served: a check needs none."""
    from quizfunnel.orders.sources.configured import StoreSettings
    from quizfunnel.settings import SettingsError
    from quizfunnel.store.engine import open_engine

    try:
        settings = StoreSettings.load()
    except SettingsError:
        yield None
        return
    file = settings.database.removeprefix("sqlite:///")
    if file != settings.database and not Path(file).exists():
        yield None
        return
    engine = open_engine(settings.database, pooled=False, making=False)
    try:
        yield settings, engine
    finally:
        engine.dispose()


def add_findings(results: "list[CheckResult]") -> None:
    """Add the findings of what this store has begun: experiments, published catalogues, stored answers."""
    from quizfunnel.experiment import frozen_check

    frozen = _frozen([Path(result.file).stem for result in results])
    for result in results:
        if result.loaded is not None:
            result.findings += frozen_check.check(result.loaded, frozen.get(Path(result.file).stem, ()))
    _add_published(results)
    _add_baskets(results)
    _add_strange_links(results)


def _add_strange_links(results: "list[CheckResult]") -> None:
    """Add the links of texts that do not lead to this store."""
    from quizfunnel.quiz.check.texts import marks
    from quizfunnel.quiz.store_site import store_site

    settings = _settings_here()
    if settings is None:
        return
    for result in results:
        if loaded := result.loaded:
            site = store_site(settings, loaded.quiz)
            for each in (loaded, *loaded.translations.values()):
                result.findings += marks.check_hosts(each, site)


def _add_baskets(results: "list[CheckResult]") -> None:
    """Add what keeps buttons that put products into the basket from doing it in this store."""
    from quizfunnel.offer.links.basket import ShopBasket, lacking, strange
    from quizfunnel.quiz.store_site import store_site

    settings = _settings_here()
    if settings is None:
        return
    basket = ShopBasket(settings.shop.platform, settings.shop.add_url)
    for result in results:
        if result.loaded and result.catalog and result.loaded.quiz.offer.button == "basket":
            site = store_site(settings, result.loaded.quiz)
            message = strange(basket, site.home, site.hosts) or lacking(basket, result.catalog.products)
            place = ("offer", "button")
            result.findings += [result.loaded.finding(place, message, error=False)] if message else []


def _settings_here() -> "Settings | None":
    """Return the settings of this folder, None where it is no store or they are faulty, which `of_settings` tells."""
    from quizfunnel.orders.sources.configured import StoreSettings
    from quizfunnel.settings import TOML, SettingsError, store_folder

    if not (store_folder() / TOML).exists():
        return None
    try:
        return StoreSettings.load()
    except SettingsError:
        return None


def _add_published(results: "list[CheckResult]") -> None:
    """Add what a file of this store would part from what is live: products on sale, and ids of stored answers."""
    from datetime import UTC, datetime

    from quizfunnel.experiment.shelf import experiments_of
    from quizfunnel.quiz.publishing.published import PublishedVersions
    from quizfunnel.store.transaction import DatabaseAway

    with served_store() as store, suppress(DatabaseAway):
        if store is None or not has_published(store[1]):
            return
        settings, engine = store
        published = PublishedVersions(engine, experiments_of(settings))
        for result in results:
            here = result.path is not None and result.path.absolute().parent == settings.store / "quizzes"
            live = published.live(Path(result.file).stem, at=datetime.now(UTC)) if here else None
            if live:
                result.findings[:0] = _lost_products(result, live)  # a cause of what rules miss
                result.findings += _lost_answers(result, live, engine)


def _lost_products(result: "CheckResult", live: "LiveQuiz") -> "list[Finding]":
    from quizfunnel.quiz.check.judgement import judge_loss
    from quizfunnel.quiz.publishing import news

    loss = judge_loss(result.catalog, live.catalog.products) if result.catalog else None
    if loss is None or not loss.waits:
        return []
    if result.is_broken:
        return [news.lacks(result.file, loss)]
    return [news.loses(result.file, live.slug, loss)._replace(severity="warning")]


def _lost_answers(result: "CheckResult", live: "LiveQuiz", engine: "Engine") -> "Iterator[Finding]":
    from quizfunnel.log.answered import answered
    from quizfunnel.quiz.check import lost_answers
    from quizfunnel.store.transaction import reading

    if result.loaded and result.loaded.version != live.version:
        with reading(engine) as connection:
            yield from lost_answers.check(result.loaded, live.quiz, answered(connection, live.slug))


def minutes_taken(loaded: "LoadedQuiz") -> "Sequence[float]":
    """Return the minutes of this store's shoppers who finished a quiz as the file is."""
    from quizfunnel.log import answered
    from quizfunnel.store.transaction import DatabaseAway, reading

    with served_store() as store, suppress(DatabaseAway):
        if store is not None and has_published(store[1]):
            with reading(store[1]) as connection:
                return answered.minutes_taken(connection, Path(loaded.file).stem, loaded.version)
    return ()


def has_published(engine: "Engine") -> bool:
    """Tell whether the database is one that anything was published in."""
    from sqlalchemy import inspect

    from quizfunnel.quiz.tables import Publication
    from quizfunnel.store.transaction import reading

    with reading(engine) as connection:
        return inspect(connection).has_table(str(Publication.__tablename__))


def _frozen(quizzes: list[str]) -> "Mapping[str, Sequence[FrozenDesign]]":
    """Return the experiments of this store that began; none where one of the store takes their place."""
    from quizfunnel.experiment.frozen import frozen_by_quiz
    from quizfunnel.store.transaction import DatabaseAway

    with served_store() as store:
        if store is None or store[0].holdout:
            return {}
        try:
            return frozen_by_quiz(store[1], quizzes)
        except DatabaseAway as error:
            message = f"the database cannot be read ({error}), so experiments under way were not looked at"
            click.echo(message, err=True)
            return {}


def of_settings(results: "list[CheckResult]") -> "list[Finding]":
    """Return the findings about the store's settings, where this folder is a store: they say which quiz is measured."""
    from quizfunnel.experiment import frozen, planning
    from quizfunnel.orders.sources.configured import StoreSettings
    from quizfunnel.settings import TOML, SettingsError, store_folder
    from quizfunnel.store.transaction import DatabaseAway, reading

    toml = store_folder() / TOML
    if not toml.exists():
        return []
    try:
        settings = StoreSettings.load()
    except SettingsError as error:
        return [_finding("error", line.removeprefix(f"{toml}: ")) for line in str(error).splitlines()]
    wrong: list[str] = []
    with served_store() as store, suppress(DatabaseAway):
        if store is not None:
            with reading(store[1]) as connection:
                wrong = frozen.changed_settings(connection, planning.store_designs(settings))
    quizzes = {Path(each.file).stem: each.loaded.quiz for each in results if each.loaded}
    doubtful = [
        *_ways_out(settings, quizzes, results),
        *planning.warnings(settings, quizzes),
        *_unused_catalogs(settings),
    ]
    return [*(_finding("error", line) for line in wrong), *(_finding("warning", line) for line in doubtful)]


def _finding(severity: "Literal['error', 'warning']", message: str) -> "Finding":
    """Return a finding about a setting, at its line of the store's file."""
    from quizfunnel.kit.finding import Finding
    from quizfunnel.settings import TOML, store_folder
    from quizfunnel.settings.toml_places import place_of

    try:
        text = (store_folder() / TOML).read_text("utf-8", "replace")
    except OSError:
        text = ""
    return Finding(TOML, *place_of(text, message), severity, message)


def doors() -> "dict[str, str]":
    """Return the addresses of the comparisons' doors, by their names, where this folder is a store."""
    from quizfunnel.experiment import planning

    settings = _settings_here()
    return planning.doors(settings) if settings else {}


def _ways_out(settings: "Settings", quizzes: "Mapping[str, Quiz]", results: "list[CheckResult]") -> list[str]:
    """Return what is wrong with the ways out of all quizzes: without a shop they lead back to the quizzes.

    So do products whose addresses name no host: this site has no pages for them.
    """
    labels = list(dict.fromkeys(quiz.offer.skip_label for quiz in quizzes.values()))
    if settings.shop_url or not labels:
        return []
    others = f" and {len(labels) - 1} more" if len(labels) > 1 else ""
    message = (
        f"shop_url: is not set, so that “{labels[0]}”{others} leads to our own list of quizzes and not to your "
        'products; write shop_url = "https://..." with the address of your shop'
    )
    addresses = {product.url for each in results if each.catalog for product in each.catalog.products}
    if paths := sorted(address for address in addresses if address.startswith("/")):
        message += f". Until then {len(paths)} products lead to pages that are not here, like {paths[0]}"
    return [message]


def _unused_catalogs(settings: "Settings") -> "Iterator[str]":
    """Yield the catalogues that are pulled for nobody: a misspelt name would never be noticed."""
    from quizfunnel.quiz.pull.trial import catalogs_of

    named = set(catalogs_of(settings.store / "quizzes").values()) if settings.catalogs else set()
    for name in settings.catalogs:
        if name not in named:
            there = ", ".join(sorted(named)) or "none"
            yield f"catalogs: no quiz names {name}; quizzes name: {there}"


def outlooks(results: "list[CheckResult]") -> dict[str, str]:
    """Return a line on the duration of each quiz's experiment at this store's traffic, by file."""
    from datetime import UTC, datetime

    from quizfunnel.insight.randomised.duration import outlook
    from quizfunnel.store.transaction import DatabaseAway, reading

    with served_store() as store:
        if store is None or store[0].holdout:
            return {}
        try:
            with reading(store[1]) as connection:
                now = datetime.now(UTC)
                whole = [(each, each.loaded) for each in results if each.loaded]
                durations = {
                    each.file: outlook(connection, Path(each.file).stem, of.quiz, now=now) for each, of in whole
                }
        except DatabaseAway:
            return {}  # its findings said so already
    return {file: line for file, line in durations.items() if line}
