"""Serving commands: `quizfunnel serve`, `migrate`, `health` and `demo`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quizfunnel.cli.group import Refused, main
from quizfunnel.cli.progress import progress_of
from quizfunnel.cli.store import database, open_shelf

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from quizfunnel.demo.stage import Stage
    from quizfunnel.settings import Settings

PORT = click.IntRange(1, 65535)
WORLDS = ("helps", "nothing", "hurts")  # as in demo/world.py


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=PORT)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--no-migrate", is_flag=True, help="Do not bring the database up to date first.")
def serve(*, host: str, port: int, workers: int, no_migrate: bool) -> None:
    """Serve the store's quizzes."""
    from quizfunnel import server
    from quizfunnel.orders.sources.configured import StoreSettings
    from quizfunnel.settings import strangers
    from quizfunnel.telemetry.folder import shared_counters
    from quizfunnel.telemetry.log_lines import spoken

    for line in strangers(os.environ, StoreSettings.variables()):
        click.echo(line, err=True)
    if os.environ.get("QUIZFUNNEL_DEMO"):
        raise Refused(
            "QUIZFUNNEL_DEMO is set, which lets whoever comes from this machine see the results; quizfunnel demo sets "
            "it for its own store. Take it out of the environment"
        )
    settings = StoreSettings.load()
    with shared_counters():
        with spoken(settings.log_format):
            place = server.prepare(settings, host=host, port=port, workers=workers, migrating=not no_migrate)
        server.run(place)


@main.command()
def migrate() -> None:
    """Bring the database up to date."""
    from quizfunnel import server
    from quizfunnel.migrations.runner import head

    with database(migrated=False) as (_, engine):
        server.close_to_others(engine)
        server.migrate(engine)
    click.echo(f"The database is of version {head()}")


@main.command()
@click.pass_context
def health(context: click.Context) -> None:
    """Say what works and what to do about the rest, as /healthz says it to staff; exit code 1 where a part is down."""
    from quizfunnel.app import create_app
    from quizfunnel.orders.sources.configured import StoreSettings
    from quizfunnel.web.health import worst

    app = create_app(StoreSettings.load(), demo=False)
    try:
        parts = app.extensions["health"]()
    finally:
        app.extensions["quizfunnel"].engine.dispose()
    for part in parts:
        click.echo(f"{part.state:<8} {part.name}{': ' if part.say else ''}{part.say}")
    context.exit(worst(parts) == "down")


@main.command()
@click.option("--port", default=8000, show_default=True, type=PORT, help="Of the quizzes and their results.")
@click.option("--shop-port", type=PORT, help="Of the demo's shop: the one after --port unless it is given.")
@click.option(
    "--visitors", default=20_000, show_default=True, type=click.IntRange(0, 5_000_000), help="Simulated ones."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same history.")
@click.option(
    "--world", default=WORLDS[0], show_default=True, type=click.Choice(WORLDS), help="What the quiz really does."
)
@click.option("--no-serve", is_flag=True, help="Only fill the history.")
def demo(*, port: int, shop_port: int | None, no_serve: bool, visitors: int, **simulation: Any) -> None:
    """Serve two quizzes, and a demo shop beside them; simulated visitors fill its history meanwhile."""
    from quizfunnel import starter
    from quizfunnel.settings import store_folder

    outside = dict(os.environ)
    folder = starter.demo_store(store_folder())
    _enter(folder)
    if no_serve:
        _fill(visitors, **simulation)
        return
    history = ["--visitors", str(visitors), "--no-serve"]
    history += [f"--{name}={value}" for name, value in simulation.items()]
    _serve_demo(folder, port, shop_port or port + 1, [sys.executable, "-m", "quizfunnel", "demo", *history], outside)


def _serve_demo(folder: Path, port: int, shop_port: int, filling: list[str], outside: dict[str, str]) -> None:
    """Serve the quizzes on one port and the shop, a program of its own, on another one; all end together."""
    from quizfunnel import server
    from quizfunnel.demo import INVITATIONS
    from quizfunnel.demo.shop import process
    from quizfunnel.demo.shop.config import ShopConfig
    from quizfunnel.orders.sources.configured import StoreSettings
    from quizfunnel.serving.address import LAST_PORT, listening_address
    from quizfunnel.telemetry.folder import shared_counters

    if shop_port in (port, LAST_PORT + 1):
        raise Refused("The demo's shop needs a port of its own; name one: --shop-port 8001")
    address = listening_address("127.0.0.1", shop_port, option="--shop-port")
    quiz, shop = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{shop_port}"
    own = {"origins": [shop], "add_url": f"{shop}/shop/basket?add={{product_id}}"}
    os.environ.update(QUIZFUNNEL_SHOP_URL=f"{shop}/shop", QUIZFUNNEL_SHOP=json.dumps(own))
    if not StoreSettings.load().invitations:  # the store of an earlier release
        os.environ["QUIZFUNNEL_INVITATIONS"] = json.dumps({path: each.quiz for path, each in INVITATIONS.items()})
    settings = StoreSettings.load()
    place = server.prepare(settings, host="127.0.0.1", port=port, workers=2)
    click.echo(f"Shop     {shop}/shop, begin at {quiz}")
    stock, books = folder / "quizzes" / "catalogs", folder / "var" / "shop.sqlite3"
    secret, theme = settings.secret_of("standard"), settings.theme.theme().as_text()
    config = ShopConfig(shop, quiz, secret, str(stock), str(books), theme, str(folder))
    with process.serving(config, process.listen(address, shop_port)):
        history = subprocess.Popen(filling, env=outside, start_new_session=True)  # noqa: S603 - this program itself
        try:
            with shared_counters():
                server.run(place)
        finally:
            history.terminate()
            history.wait()


def _enter(folder: Path) -> None:
    """Leave the store's settings behind: the demo must never write where real shoppers are counted."""
    for name in [name for name in os.environ if name.startswith("QUIZFUNNEL_")]:
        del os.environ[name]
    os.environ.update(QUIZFUNNEL_STORE=str(folder), QUIZFUNNEL_DEMO="1")


def _fill(visitors: int, *, seed: int, world: str) -> None:
    from datetime import UTC, datetime

    from quizfunnel import server
    from quizfunnel.demo import simulate

    os.nice(10)  # a shopper who is there now comes first
    with database(migrated=False) as (settings, engine):
        server.migrate(engine)
        stage = _stage(settings, engine, world=world, seed=seed)
        with progress_of("Simulated visitors", visitors) as progress:
            made = simulate.fill(engine, stage, visitors=visitors, now=datetime.now(UTC), progress=progress)
    click.echo(f"History: {made.visitors:,} simulated visitors ({made.added:,} of them new)")


def _stage(settings: "Settings", engine: "Engine", *, world: str, seed: int) -> "Stage":
    from quizfunnel.app import product_finder
    from quizfunnel.demo.stage import Stage
    from quizfunnel.experiment import planning
    from quizfunnel.kit.clock import SystemClock
    from quizfunnel.kit.signing import Signer
    from quizfunnel.offer.choose import Chooser
    from quizfunnel.orders.ledger import AttributionKeys
    from quizfunnel.recommend.registry.folder import Registry
    from quizfunnel.recommend.registry.live import ModelShelf
    from quizfunnel.recommend.serving.policy import PlackettLucePolicy

    shelf, signer = open_shelf(settings, engine), Signer(settings.keys())
    models = ModelShelf(Registry(settings.store / "models"), SystemClock())
    chooser = Chooser(models, PlackettLucePolicy())
    keys = AttributionKeys(signer, product_finder(shelf))
    return Stage(shelf, settings, planning.enrolment, signer, keys, chooser.on_finish, world=world, seed=seed)
