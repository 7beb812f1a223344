"""`quizfunnel train`, `models` and `explain`."""

from typing import TYPE_CHECKING, Any

import click

from quizfunnel.cli.group import Refused, in_json, main
from quizfunnel.cli.progress import steps
from quizfunnel.cli.store import database, live_quiz, open_shelf

if TYPE_CHECKING:
    from quizfunnel.recommend.registry.folder import Registry
    from quizfunnel.settings import Settings


@main.command()
@click.argument("quiz")
@click.option(
    "--share",
    default=0.15,
    show_default=True,
    type=click.FloatRange(0.05, 0.5),
    help="Of the shoppers, for a new challenger.",
)
@click.option(
    "--simulated/--real", "simulated", default=None, help="Whose log; by default the demo's simulated where it has any."
)
@click.option("--json", "as_json", is_flag=True, help="Print the card and the outcome as JSON.")
def train(quiz: str, *, share: float, simulated: bool | None, as_json: bool) -> None:
    """Learn from what people bought; a model that is no worse than the rules becomes their challenger."""
    _needs_learning()
    from datetime import UTC, datetime

    from quizfunnel.learning import summary, training
    from quizfunnel.recommend.registry.folder import Registry, RegistryError
    from quizfunnel.recommend.training.train import TrainingError
    from quizfunnel.store.transaction import reading

    with database() as (settings, engine), steps() as progress:
        shelf = open_shelf(settings, engine)
        live = live_quiz(shelf, quiz)
        registry = Registry(settings.store / "models")
        with reading(engine) as connection:
            whose = training.has_simulated(connection) if simulated is None else simulated
            versions = training.versions(connection, shelf, quiz)
            desk = training.TrainingContext(
                live, versions, registry, simulated=whose, now=datetime.now(UTC), progress=progress
            )
            try:
                found = training.run(connection, desk, share=share)
            except (TrainingError, RegistryError) as error:
                raise Refused(f"{quiz}: {error}") from error
    said = in_json(summary.as_json(found))
    click.echo(said if as_json else summary.as_text(found, quiz=quiz))


@main.command()
@click.argument("quiz")
@click.argument("versions", nargs=-1, metavar="[VERSION]...")
@click.option("--compare", is_flag=True, help="Put the cards of two side by side, or of one and of what serves.")
@click.option("--promote", metavar="VERSION", help="Let a model serve from now on, or `rules`.")
@click.option("--rollback", is_flag=True, help="Let what served before serve again.")
@click.option("--why", default="by hand", show_default=True, help="Kept in the history with --promote and --rollback.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def models(quiz: str, **asked: Any) -> None:
    """List what was learnt for a quiz, compare it, and say what serves; `rules` stands for the points alone."""
    from quizfunnel.recommend.registry.folder import Registry, RegistryError
    from quizfunnel.settings import Settings

    settings = Settings.load()
    registry = Registry(settings.store / "models")
    _known_quiz(settings, quiz)
    if sum(map(bool, (asked["compare"], asked["promote"], asked["rollback"]))) > 1:
        raise Refused("--compare, --promote and --rollback are one at a time")
    if len(asked["versions"]) not in ((1, 2) if asked["compare"] else (0,)):
        raise Refused("--compare takes one version or two, and only it does: --compare VERSION [VERSION]")
    try:
        click.echo(_about_models(registry, quiz, meaning=_meaning(settings, quiz), **asked))
    except RegistryError as error:
        raise Refused(str(error)) from error


@main.command()
@click.argument("attempt")
@click.option("--product", metavar="ID", help="Only why, or why not, this one.")
@click.option("--json", "as_json", is_flag=True, help="Print every figure of every product as JSON.")
def explain(attempt: str, *, product: str | None, as_json: bool) -> None:
    """Say why an attempt was offered these products, and why not others."""
    from quizfunnel.offer import explain, output
    from quizfunnel.recommend.registry.folder import Registry
    from quizfunnel.store.transaction import reading

    with database() as (settings, engine), reading(engine) as connection:
        registry = Registry(settings.store / "models")
        try:
            found = explain.explain(connection, attempt, open_shelf(settings, engine), registry)
            found = explain.about(found, product) if product else found
        except explain.ExplainError as error:
            raise Refused(str(error)) from error
    said = in_json(explain.as_json(found)) if as_json else output.as_text(found)
    click.echo(said)


def _known_quiz(settings: "Settings", quiz: str) -> None:
    """Refuse a quiz that has neither a file nor a model."""
    folders = ((settings.store / "quizzes").glob("*.yaml"), (settings.store / "models").glob("*/"))
    names = sorted({path.stem for folder in folders for path in folder})
    if quiz not in names:
        raise Refused(f"no quiz `{quiz}` is here; there is: {', '.join(names) or 'none'}")


def _meaning(settings: "Settings", quiz: str) -> str:
    """Return what the answers of a quiz file mean, "" where it cannot be read; `quizfunnel check` says why."""
    from quizfunnel.quiz.file.load import QuizFileError, load_quiz
    from quizfunnel.quiz.fingerprint import meaning

    try:
        return meaning(load_quiz(settings.store / "quizzes" / f"{quiz}.yaml").quiz)
    except (QuizFileError, OSError):
        return ""


def _about_models(registry: "Registry", quiz: str, **asked: Any) -> str:
    """Do what `quizfunnel models` was asked for; return what it says."""
    from datetime import UTC, datetime

    from quizfunnel.recommend.registry import listing

    now = {"why": asked["why"], "at": datetime.now(UTC)}
    if asked["promote"]:
        registry.promote(quiz, asked["promote"], **now)
    elif asked["rollback"]:
        registry.rollback(quiz, **now)
    found = listing.roster(registry, quiz, meaning=asked["meaning"])
    if asked["compare"]:
        rows = listing.compare(registry, found, *asked["versions"])
        return in_json(listing.comparison_as_json(rows)) if asked["as_json"] else listing.comparison_as_text(rows)
    return in_json(listing.as_json(found)) if asked["as_json"] else listing.as_text(found)


def _needs_learning() -> None:
    """Refuse where the libraries are missing that only training needs."""
    from importlib.util import find_spec

    missing = [name for name in ("numpy", "scipy", "sklearn", "skops") if find_spec(name) is None]
    if missing:
        raise Refused(f"training needs {', '.join(missing)}: pip install 'quizfunnel[learn]'")
