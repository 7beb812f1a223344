"""Laws of the pages over HTTP: staff only, figures of one sort, plain refusals."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from quizfunnel.insight import views
from quizfunnel.insight.rollup import refresh
from quizfunnel.insight.rollup.refresh import Task
from quizfunnel.kit.clock import SetClock
from quizfunnel.kit.signing import Signer
from quizfunnel.log.definitions import WAIT_LIMITS, WaitLimits
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.settings import Settings
from quizfunnel.store.transaction import writing
from quizfunnel.web import environment, errors, render, security
from quizfunnel.web.staff import login
from quizfunnel.web.staff.roles import ANALYST, MERCHANDISER
from quizfunnel.web.wiring import Wiring
from tests.cast import NOON
from tests.insight.shop import Books, live
from tests.staff import sign_in

ROOT = Path(__file__).parents[2]
AWAY = {"REMOTE_ADDR": "10.1.2.3"}

Open = Callable[..., FlaskClient]


class OneQuiz:
    """A shelf with the coffee quiz."""

    def slugs(self) -> tuple[str, ...]:
        """Return its slug."""
        return ("coffee",)

    def live(self, slug: str) -> LiveQuiz | None:
        """Return it."""
        return live() if slug == "coffee" else None


@pytest.fixture
def open_app(engine: Engine, clock: SetClock, signer: Signer, tmp_path: Path) -> Open:
    """Give the function that opens a client on an app of these settings, signed in with a role, or as nobody."""

    def opened(
        *, demo: bool = False, role: str = ANALYST, limits: WaitLimits = WAIT_LIMITS, **settings: Any
    ) -> FlaskClient:
        app = Flask("insight", static_folder=None)
        made = Settings(store=tmp_path, **settings)
        app.extensions["quizfunnel"] = Wiring(made, engine, clock, signer, demo=demo)
        app.extensions["insight"] = views.Parts(cast("Shelf", OneQuiz()), limits)
        render.htmx.init_app(app)
        environment.install(app, (ROOT,), demo=demo)
        security.install(app)
        errors.install(app, home="/")
        login.install(app)
        app.register_blueprint(views.blueprint)
        return sign_in(app.test_client(), role, role) if role else app.test_client()

    return opened


def test_it_works(open_app: Open) -> None:
    """An analyst sees the list, a quiz's page, its JSON and its CSV, none of them to be kept."""
    client = open_app()
    for path, kind in (
        ("", "text/html"),
        ("/coffee", "text/html"),
        ("/coffee.json", "application/json"),
        ("/coffee.csv", "text/csv"),
    ):
        answer = client.get(f"/insight{path}")
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert client.get("/insight/coffee.json").get_json()["verdict"].startswith("We can't tell yet: about ")


def test_unknown_quizzes_and_sorts_are_refused_plainly(open_app: Open) -> None:
    """No such quiz is 404 whatever its form; a sort that does not exist is 400."""
    client = open_app()
    for path in ("/insight/tea", "/insight/tea.json", "/insight/..%2f..%2fetc", "/insight/coffee/more"):
        assert client.get(path).status_code == 404
    assert client.get("/insight/coffee?data=both").status_code == 400


def test_a_part_is_an_address(open_app: Open) -> None:
    """The form's address shows a part without a verdict, its figures carry the same words, and nonsense is refused."""
    client = open_app()
    answer = client.get("/insight/coffee?data=real&from=2026-01-01&to=&window=1&device=phone&channel=")
    assert (answer.status_code, answer.text.count("carries no verdict")) == (200, 1)
    assert "/insight/coffee.json?data=real&amp;from=2026-01-01&amp;device=phone&amp;window=1" in answer.text
    assert client.get("/insight/coffee.json?device=phone").get_json()["verdict_kind"] == "exploratory"
    for query in ("from=soon", "window=2", "version=x", "from=2026-02-02&to=2026-02-01"):
        assert client.get(f"/insight/coffee?{query}").status_code == 400


def test_the_demo_shows_the_simulated_first(open_app: Open, engine: Engine) -> None:
    """In the demo the simulated figures come first and the real ones are a link away; elsewhere the real ones."""
    books = Books()
    books.visitor(NOON - timedelta(days=9))
    books.visitor(NOON - timedelta(days=9), simulated=True)
    with writing(engine) as connection:
        books.write(connection)
    demo, shop = open_app(demo=True), open_app()
    assert demo.get("/insight/coffee.json").get_json()["simulated"] is True
    assert demo.get("/insight/coffee.json?data=real").get_json()["simulated"] is False
    assert shop.get("/insight/coffee.json").get_json()["simulated"] is False
    assert "/insight/coffee?data=real" in demo.get("/insight/coffee").text


def test_a_long_log_is_not_counted_while_one_waits(open_app: Open, engine: Engine, tmp_path: Path) -> None:
    """Without a rollup it answers 503 and what to run; of the other sort, and after a rollup, it does not."""
    books = Books()
    for _ in range(3):
        books.visitor(NOON - timedelta(days=9))
    with writing(engine) as connection:
        books.write(connection)
    client = open_app(limits=WaitLimits(awaited=2))
    page, figures, sheet = (client.get(f"/insight/coffee{kind}") for kind in ("", ".json", ".csv"))
    assert [each.status_code for each in (page, figures, sheet)] == [503, 503, 503]
    assert re.search(rf"cd {tmp_path} &amp;&amp; \S*quizfunnel rollup", page.text)
    assert figures.get_json()["message"].endswith("Run quizfunnel rollup first.")
    assert (sheet.mimetype, sheet.text.count("quizfunnel rollup")) == ("text/plain", 1)
    assert client.get("/insight/coffee?data=simulated").status_code == 200
    refresh.roll(engine, Task.of_quiz(live(), simulated=False), now=NOON)
    assert client.get("/insight/coffee").status_code == 200


def test_a_log_at_the_limit_is_counted(open_app: Open, engine: Engine) -> None:
    """As many visitors as may be awaited are, and the page says how not to wait for them."""
    books = Books()
    books.visitor(NOON - timedelta(days=9))
    with writing(engine) as connection:
        books.write(connection)
    for few, said in ((0, True), (1, False)):
        client = open_app(limits=WaitLimits(live=few, awaited=1))
        assert ("run every night" in client.get("/insight/coffee").text) == said


@pytest.mark.parametrize("path", ["", "/coffee", "/coffee.json", "/coffee.csv", "/tea"])
def test_strangers_see_nothing(open_app: Open, path: str) -> None:
    """Whoever is not signed in gets 403 without a figure, from this machine too, and through a proxy's loopback."""
    client = open_app(role="")
    for environ in ({}, AWAY, {"HTTP_X_FORWARDED_FOR": "10.1.2.3"}):
        answer = client.get(f"/insight{path}", environ_overrides=environ)
        assert answer.status_code == 403
        assert "visitor" not in answer.text
        assert "bought" not in answer.text


def test_who_signed_in_may_sign_out(open_app: Open) -> None:
    """A session opens the pages from anywhere, with a way to end it; the demo's visitor has none to end."""
    page = open_app().get("/insight/coffee", environ_overrides=AWAY)
    assert (page.status_code, "Sign out" in page.text) == (200, True)
    demo = open_app(demo=True, role="").get("/insight/coffee")
    assert (demo.status_code, "Sign out" in demo.text) == (200, False)
    assert "The demo has signed you in" in demo.text


def test_figures_are_taken_away_by_those_who_may(open_app: Open) -> None:
    """A merchandiser reads the page, which offers no files then, and is told why there is none."""
    client = open_app(role=MERCHANDISER)
    page = client.get("/insight/coffee")
    assert (page.status_code, "coffee.csv" in page.text) == (200, False)
    refused = client.get("/insight/coffee.json")
    assert (refused.status_code, "Your role, merchandiser, may not" in refused.get_json()["message"]) == (403, True)
    assert "coffee.csv" in open_app(role=ANALYST).get("/insight/coffee").text
