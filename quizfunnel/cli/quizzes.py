"""Quiz file commands: `quizfunnel init` and `check`."""

import os
import sys
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quizfunnel.cli.group import Refused, in_json, main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Engine

    from quizfunnel.experiment.design import FrozenDesign
    from quizfunnel.kit.finding import Finding
    from quizfunnel.quiz.check.run import CheckResult
    from quizfunnel.quiz.spec import Quiz
    from quizfunnel.settings import Settings


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Write a new store with a quiz to start from."""
    from quizfunnel.starter import write_store

    for path in write_store(folder):
        click.echo(path)
    click.echo(f"Now: cd {folder} && quizfunnel serve")


@main.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def check(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Prove quiz files before a shopper meets them: exit 1 on an error, 0 with warnings only."""
    from quizfunnel.offer.choose import shown_by_rules
    from quizfunnel.quiz.check.run import check_file
    from quizfunnel.recommend.serving.policy import PlackettLucePolicy

    files = _quiz_files(paths)
    chooser = partial(shown_by_rules, policy=PlackettLucePolicy())
    results = [check_file(path, make_chooser=chooser) for path in files]
    _check_frozen(results)
    _check_published(results)
    findings = list(dict.fromkeys(finding for result in results for finding in result.findings))
    findings += _of_settings(results)
    errors = sum(finding.severity == "error" for finding in findings)
    if as_json:
        click.echo(_as_json(results, [finding._asdict() for finding in findings]))
    else:
        for finding in findings:
            click.echo(finding.text())
        outlooks = _outlooks(results)
        for result in results:
            click.echo(result.summary, nl=bool(result.summary))
            if result.file in outlooks:
                click.echo(f"{result.file}: {outlooks[result.file]}")
            for line in result.outcome.lines() if result.outcome else ():
                click.echo(line if line.startswith(" ") else f"{result.file}: {line}")
        click.echo(f"{len(results)} checked, {errors} errors, {len(findings) - errors} warnings", err=True)
    sys.exit(1 if errors else 0)


@contextmanager
def _served_store() -> "Iterator[tuple[Settings, Engine] | None]":
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


def _check_frozen(results: "list[CheckResult]") -> None:
    """Add the findings of settings that were changed after their experiment began."""
    from quizfunnel.experiment import frozen_check

    frozen = _frozen([Path(result.file).stem for result in results])
    for result in results:
        if result.loaded is not None:
            result.findings += frozen_check.check(result.loaded, frozen.get(Path(result.file).stem, ()))


def _check_published(results: "list[CheckResult]") -> None:
    """Add what keeps a good catalogue of this store from going live: live products that it does not have."""
    from datetime import UTC, datetime

    from quizfunnel.experiment.shelf import experiments_of
    from quizfunnel.quiz.check.judgement import judge_loss
    from quizfunnel.quiz.publishing import news
    from quizfunnel.quiz.publishing.published import PublishedVersions
    from quizfunnel.store.transaction import DatabaseAway

    with _served_store() as store, suppress(DatabaseAway):
        if store is None:
            return
        settings, engine = store
        published = PublishedVersions(engine, experiments_of(settings))
        for result in results:
            here = result.path is not None and result.path.absolute().parent == settings.store / "quizzes"
            slug = Path(result.file).stem
            live = published.live(slug, at=datetime.now(UTC)) if here and result.catalog else None
            loss = judge_loss(result.catalog, live.catalog.products) if live and result.catalog else None
            if loss and loss.waits:
                result.findings.append(news.loses(result.file, slug, loss)._replace(severity="warning"))


def _frozen(quizzes: list[str]) -> "Mapping[str, Sequence[FrozenDesign]]":
    """Return the experiments of this store that began; none where one of the store takes their place."""
    from quizfunnel.experiment.frozen import frozen_by_quiz
    from quizfunnel.store.transaction import DatabaseAway

    with _served_store() as store:
        if store is None or store[0].holdout:
            return {}
        try:
            return frozen_by_quiz(store[1], quizzes)
        except DatabaseAway as error:
            message = f"the database cannot be read ({error}), so experiments under way were not looked at"
            click.echo(message, err=True)
            return {}


def _of_settings(results: "list[CheckResult]") -> "list[Finding]":
    """Return the findings about the store's settings, where this folder is a store: they say which quiz is measured."""
    from quizfunnel.experiment import frozen, planning
    from quizfunnel.kit.finding import Finding
    from quizfunnel.orders.sources.configured import StoreSettings
    from quizfunnel.settings import TOML, SettingsError, store_folder
    from quizfunnel.store.transaction import DatabaseAway, reading

    if not (store_folder() / TOML).exists():
        return []
    try:
        settings = StoreSettings.load()
    except SettingsError as error:
        return [Finding(TOML, 1, 1, "error", line.removeprefix(f"{store_folder() / TOML}: ")) for line in _lines(error)]
    wrong: list[str] = []
    with _served_store() as store, suppress(DatabaseAway):
        if store is not None:
            with reading(store[1]) as connection:
                wrong = frozen.changed_settings(connection, planning.store_designs(settings))
    quizzes = {Path(each.file).stem: each.loaded.quiz for each in results if each.loaded}
    doubtful = [*_ways_out(settings, quizzes), *planning.warnings(settings, quizzes)]
    errors, warnings = (
        (Finding(TOML, 1, 1, "error", line) for line in wrong),
        (Finding(TOML, 1, 1, "warning", line) for line in doubtful),
    )
    return [*errors, *warnings]


def _ways_out(settings: "Settings", quizzes: "Mapping[str, Quiz]") -> list[str]:
    """Return what is wrong with the ways out of all quizzes: without a shop they lead back to the quizzes."""
    labels = list(dict.fromkeys(quiz.offer.skip_label for quiz in quizzes.values()))
    if settings.shop_url or not labels:
        return []
    others = f" and {len(labels) - 1} more" if len(labels) > 1 else ""
    message = (
        f"shop_url: is not set, so that “{labels[0]}”{others} leads to our own list of quizzes and not to your "
        'products; write shop_url = "https://..." with the address of your shop'
    )
    return [message]


def _lines(error: Exception) -> list[str]:
    return str(error).splitlines()


def _outlooks(results: "list[CheckResult]") -> dict[str, str]:
    """Return a line on the duration of each quiz's experiment at this store's traffic, by file."""
    from datetime import UTC, datetime

    from quizfunnel.insight.randomised.duration import outlook
    from quizfunnel.store.transaction import DatabaseAway, reading

    with _served_store() as store:
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


def _quiz_files(paths: tuple[Path, ...]) -> list[Path]:
    from quizfunnel.settings import store_folder

    folder = Path(os.path.relpath(store_folder() / "quizzes"))
    files: list[Path] = []
    for path in paths or (folder,):
        try:
            if path.is_dir():
                files += sorted(each for each in path.iterdir() if each.suffix in (".yaml", ".yml"))
            else:
                path.open("rb").close()
                files.append(path)
        except OSError as error:
            raise Refused(f"{path}: cannot be read: {error.strerror}") from None
    if not files:
        raise Refused(
            f"no quiz file in {', '.join(map(str, paths)) or folder}; quizfunnel init DIR writes one to start from"
        )
    return files


def _as_json(results: "list[CheckResult]", findings: list[dict[str, Any]]) -> str:
    quizzes: list[dict[str, Any]] = []
    for result in results:
        walked = result.exploration
        lengths = {"shortest": len(walked.shortest), "longest": len(walked.longest)} if walked else {}
        got = result.outcome.as_json() if result.outcome else {}
        quizzes.append({"file": result.file, **lengths, **got})
    return in_json({"findings": findings, "quizzes": quizzes})
