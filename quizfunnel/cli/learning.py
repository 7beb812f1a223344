"""Learning commands: `quizfunnel train`, `models` and `explain`."""

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
    from quizfunnel.recommend.registry.folder import Registry
    from quizfunnel.recommend.registry.manifest import RegistryError
    from quizfunnel.recommend.training.train import TrainingError
    from quizfunnel.store.transaction import reading

    with database() as (settings, engine), steps() as progress:
        shelf = open_shelf(settings, engine)
        live = live_quiz(shelf, quiz)
        registry = Registry(settings.store / "models")
        with reading(engine) as connection:
            sort = training.has_simulated(connection) if simulated is None else simulated
            versions = training.versions(connection, shelf, quiz)
            context = training.TrainingContext(
                live, versions, registry, simulated=sort, now=datetime.now(UTC), progress=progress
            )
            try:
                trained = training.run(connection, context, share=share)
            except (TrainingError, RegistryError) as error:
                raise Refused(f"{quiz}: {error}") from error
    click.echo(in_json(summary.as_json(trained)) if as_json else summary.as_text(trained, quiz=quiz))


@main.command()
@click.argument("quiz")
@click.argument("versions", nargs=-1, metavar="[VERSION]...")
@click.option("--compare", is_flag=True, help="Put the cards of two side by side, or of one and of what serves.")
@click.option("--promote", metavar="VERSION", help="Let a model serve from now on, or `rules`.")
@click.option("--rollback", is_flag=True, help="Let what served before serve again.")
@click.option("--why", default="by hand", show_default=True, help="Kept in the history with --promote and --rollback.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def models(quiz: str, **options: Any) -> None:
    """List what was learnt for a quiz, compare it, and say what serves; `rules` stands for the points alone."""
    from quizfunnel.orders.sources.configured import StoreSettings
    from quizfunnel.recommend.registry.folder import Registry
    from quizfunnel.recommend.registry.manifest import RegistryError

    settings = StoreSettings.load()
    registry = Registry(settings.store / "models")
    _known_quiz(settings, quiz)
    if sum(map(bool, (options["compare"], options["promote"], options["rollback"]))) > 1:
        raise Refused("--compare, --promote and --rollback are one at a time")
    if len(options["versions"]) not in ((1, 2) if options["compare"] else (0,)):
        raise Refused("--compare takes one version or two, and only it does: --compare VERSION [VERSION]")
    try:
        click.echo(_about_models(registry, quiz, meaning=_meaning(settings, quiz), **options))
    except RegistryError as error:
        raise Refused(str(error)) from error


@main.command()
@click.argument("attempt")
@click.option("--product", metavar="ID", help="Only why, or why not, this one.")
@click.option("--json", "as_json", is_flag=True, help="Print every figure of every product as JSON.")
def explain(attempt: str, *, product: str | None, as_json: bool) -> None:
    """Say why an attempt was offered these products, and why not others."""
    from quizfunnel.offer.explained import explain, output
    from quizfunnel.recommend.registry.folder import Registry
    from quizfunnel.store.transaction import reading

    with database() as (settings, engine), reading(engine) as connection:
        registry = Registry(settings.store / "models")
        try:
            explanation = explain.explain(connection, attempt, open_shelf(settings, engine), registry)
            explanation = explain.about(explanation, product) if product else explanation
        except explain.ExplainError as error:
            raise Refused(str(error)) from error
    click.echo(in_json(explain.as_json(explanation)) if as_json else output.as_text(explanation))


def _known_quiz(settings: "Settings", quiz: str) -> None:
    """Refuse a quiz that has neither a file nor a model."""
    folders = ((settings.store / "quizzes").glob("*.yaml"), (settings.store / "models").glob("*/"))
    names = sorted({path.name.partition(".")[0] for folder in folders for path in folder})
    if quiz not in names:
        raise Refused(f"no quiz `{quiz}` is here; there is: {', '.join(names) or 'none'}")


def _meaning(settings: "Settings", quiz: str) -> str:
    """Return the meaning of a quiz file's answers, "" where it cannot be read; `quizfunnel check` says why."""
    from quizfunnel.quiz.file.load import QuizFileError, load_quiz
    from quizfunnel.quiz.fingerprint import meaning

    try:
        return meaning(load_quiz(settings.store / "quizzes" / f"{quiz}.yaml").quiz)
    except (QuizFileError, OSError):
        return ""


def _about_models(registry: "Registry", quiz: str, **options: Any) -> str:
    """Promote or roll back where asked to; return the listing or the comparison."""
    from datetime import UTC, datetime

    from quizfunnel.recommend.registry import listing

    now = {"why": options["why"], "at": datetime.now(UTC)}
    if options["promote"]:
        registry.promote(quiz, options["promote"], **now)
    elif options["rollback"]:
        registry.rollback(quiz, **now)
    roster = listing.roster(registry, quiz, meaning=options["meaning"])
    if options["compare"]:
        rows = listing.compare(registry, roster, *options["versions"])
        return in_json(listing.comparison_as_json(rows)) if options["as_json"] else listing.comparison_as_text(rows)
    return in_json(listing.as_json(roster)) if options["as_json"] else listing.as_text(roster)


def _needs_learning() -> None:
    """Refuse where the libraries are missing that only training needs."""
    from importlib.util import find_spec

    missing = [name for name in ("numpy", "scipy", "sklearn", "skops") if find_spec(name) is None]
    if missing:
        raise Refused(f"training needs {', '.join(missing)}: pip install 'quizfunnel[learn]'")
