"""Laws of a shopper's own record: seen by who holds the attempt's key alone, in words, and deleted for good."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, insert, select

from quizfunnel.app import create_app
from quizfunnel.i18n.words import words_in
from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.kit.clock import SetClock
from quizfunnel.orders.tables import Order
from quizfunnel.privacy import erasure_list
from quizfunnel.privacy.mine import own_record
from quizfunnel.schema import metadata
from quizfunnel.settings import Settings
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.erasure import ErasureKey
from quizfunnel.visit.tables import Visitor
from tests import cast
from tests.cast import NOON
from tests.journey.answers import ANSWERS
from tests.orders.ledger_rows import order
from tests.pages import Shopper, Tab


def mine(shopper: Shopper, offer: str) -> str:
    """Return the address of the record that the offer's page links to."""
    link = re.search(r'href="(/mine/[^"]+)" target="_top">See or delete my answers', shopper.get(offer).text)
    assert link
    return link[1]


def engine_of(app: Flask) -> Engine:
    """Return the running store's database."""
    engine: Engine = app.extensions["quizfunnel"].engine
    return engine


def count(app: Flask, name: str) -> int:
    """Return how many rows a table has."""
    with reading(engine_of(app)) as connection:
        return len(connection.execute(select(metadata.tables[name])).all())


@pytest.fixture
def shopper(app: Flask) -> Shopper:
    """Give somebody who takes the quiz."""
    return Shopper(app)


def test_what_is_kept_is_shown_in_words(app: Flask, shopper: Shopper) -> None:
    """Questions and answers, the day, products, linked orders, and visits of a browser that is remembered."""
    address = mine(shopper, shopper.finish(ANSWERS))
    with writing(engine_of(app)) as connection:
        visitor = connection.execute(select(columns(Visitor).id)).scalar_one()
        row = order(1001, NOON, visitor_id=visitor, order_number="#1001", total_minor=2150)
        connection.execute(insert(Order), row)
    page = shopper.get(address).text
    for part in ("How do you make coffee at home?", "Espresso", "<dd>£30</dd>", "Skipped", "Given on March 2, 2026"):
        assert part in page, part
    asked = [question["ask"] for question in cast.COFFEE["questions"]]  # type: ignore[attr-defined]
    assert re.findall("<dt>(.+)</dt>", page) == asked
    assert "<dd>Yes</dd>" in page
    assert "<li>Dark Bean</li>" in page
    assert "Order #1001 of March 2, 2026, £21.50" in page
    assert "1 page that you opened was counted" in page


def test_a_sensitive_answer_is_not_repeated(settings: Settings, clock: SetClock) -> None:
    """It says that it was answered."""
    questions = [question | {"sensitive": question["id"] == "brew"} for question in cast.COFFEE["questions"]]  # type: ignore[attr-defined]
    cast.write_store(settings.store, questions=questions)
    app = create_app(settings, clock=clock, demo=False)
    shopper = Shopper(app)
    page = shopper.get(mine(shopper, shopper.finish(ANSWERS))).text
    assert "<dd>Answered</dd>" in page
    assert "Espresso" not in page
    engine_of(app).dispose()


def test_answers_to_what_cannot_be_read_any_more_are_not_repeated(app: Flask, shopper: Shopper) -> None:
    """Nobody can tell which of them are sensitive: each says that it was given, or skipped."""
    attempt = mine(shopper, shopper.finish(ANSWERS)).split("/")[2]
    with reading(engine_of(app)) as connection:
        kept = own_record(connection, attempt, None, visitor=None, say=words_in("en"))
    assert {answer.question for answer in kept.answers} == ANSWERS.keys()
    assert {answer.answer for answer in kept.answers} == {"Answered", "Skipped"}


def test_deleting_is_confirmed_first(app: Flask, shopper: Shopper) -> None:
    """Without the tick nothing is deleted: the page says so beside it, and its title begins with it."""
    address = mine(shopper, shopper.finish(ANSWERS))
    response = shopper.client.post(address, headers=shopper.headers)
    assert response.status_code == 422
    assert "<title>Error: Your answers" in response.text
    assert re.search(r'<p id="e">Tick the box first', response.text)  # the id that quiz.css marks errors by
    assert 'aria-describedby="e follows"' in response.text
    assert count(app, "answer") == 6


def test_after_it_nothing_is_kept(app: Flask, shopper: Shopper, settings: Settings) -> None:
    """One confirmed form: every row is gone, the list outside the database has it, the browser forgets, a calm page."""
    offer = shopper.finish(ANSWERS)
    address = mine(shopper, offer)
    with writing(engine_of(app)) as connection:
        visitor = connection.execute(select(columns(Visitor).id)).scalar_one()
        connection.execute(insert(Order), order(1001, NOON, visitor_id=visitor))
    response = shopper.post(address, {"sure": "yes"})
    assert (response.status_code, response.location) == (303, "/mine/deleted")
    for name in ("visitor", "page_view", "attempt", "answer", "offer", "offer_item", "offer_view", "assignment"):
        assert count(app, name) == 0, name
    with reading(engine_of(app)) as connection:
        assert connection.execute(select(columns(Order).visitor_id)).scalar_one() is None
    assert {each.kind for each in erasure_list.read(ErasureKey(settings.erasures_folder))} == {"visitor", "attempt"}
    assert shopper.client.get_cookie("qf_v") is None
    assert "Your answers are deleted" in shopper.get("/mine/deleted").text
    for gone in (address, offer):
        assert shopper.get(gone).status_code == 404


def test_the_quiz_can_be_taken_again(app: Flask, shopper: Shopper) -> None:
    """As somebody new, of whom something else is kept."""
    with reading(engine_of(app)) as connection:
        shopper.post(mine(shopper, shopper.finish(ANSWERS)), {"sure": "yes"})
        shopper.finish(ANSWERS)
        assert len(connection.execute(select(columns(Visitor).id)).all()) == 1


@pytest.mark.parametrize("mode", ["ask", "off"])
def test_without_cookies_the_token_opens_it(settings: Settings, clock: SetClock, mode: str) -> None:
    """It opens that attempt alone: a visitor that stands behind it, and its visits, are neither shown nor deleted."""
    app = create_app(settings.model_copy(update={"consent": mode}), clock=clock, demo=False)
    shopper = Shopper(app, cookies=False)
    address = mine(shopper, shopper.finish(ANSWERS))
    assert "?t=" in address
    page = shopper.get(address).text
    assert "Espresso" in page
    assert "Your visits" not in page
    visitors = count(app, "visitor")
    assert shopper.post(address, {"sure": "yes"}).location == "/mine/deleted"
    assert (count(app, "answer"), count(app, "attempt"), count(app, "visitor")) == (0, 0, visitors)
    engine_of(app).dispose()


def test_a_session_cookie_opens_it_too(settings: Settings, clock: SetClock) -> None:
    """Without consent the attempt's own cookie is the key, and goes with it."""
    app = create_app(settings.model_copy(update={"consent": "ask"}), clock=clock, demo=False)
    shopper = Shopper(app)
    address = mine(shopper, shopper.finish(ANSWERS))
    assert "?t=" not in address
    assert shopper.post(address, {"sure": "yes"}).status_code == 303
    assert shopper.client.get_cookie(f"qf_a_{address.rpartition('/')[2]}") is None
    assert count(app, "attempt") == 0
    engine_of(app).dispose()


def test_nobody_else_sees_or_deletes_it(app: Flask, shopper: Shopper) -> None:
    """404 with the same body as for an attempt that is not there, by reading and by writing."""
    address = mine(shopper, shopper.finish(ANSWERS))
    stranger, nowhere = Tab(app), f"/mine/{'9' * 32}"
    assert stranger.get(address).text.replace(address, "") == stranger.get(nowhere).text.replace(nowhere, "")
    assert stranger.post(address, {"sure": "yes"}).status_code == 404
    result = re.search(r'href="/r/([^"]+)"', shopper.get(address.replace("/mine/", "/a/") + "/offer").text)
    assert result
    assert stranger.get(f"{address}?t={result[1]}").status_code == 404
    assert count(app, "answer") == 6


def test_a_foreign_form_deletes_nothing(app: Flask, shopper: Shopper) -> None:
    """A form that another site sends is refused, with the shopper's own cookies too."""
    address = mine(shopper, shopper.finish(ANSWERS))
    shopper.headers["Sec-Fetch-Site"] = "cross-site"
    assert shopper.post(address, {"sure": "yes"}).status_code == 403
    assert count(app, "answer") == 6


def test_it_outlives_the_quiz(app: Flask, shopper: Shopper, settings: Settings, clock: SetClock) -> None:
    """When the quiz is withdrawn its answers are still seen and deleted; only the way back is gone."""
    address = mine(shopper, shopper.finish(ANSWERS))
    (settings.store / "quizzes" / "coffee.yaml").unlink()
    clock.advance(2 * 24 * 3600)
    page = shopper.get(address).text
    assert "How do you make coffee at home?" in page
    assert "Keep them and go back" not in page
    assert shopper.post(address, {"sure": "yes"}).status_code == 303


def test_a_renamed_quiz_can_be_gone_back_to(app: Flask, shopper: Shopper, settings: Settings, clock: SetClock) -> None:
    """Days later, too: its attempts go on under the name that they began with."""
    address = mine(shopper, shopper.finish(ANSWERS))
    file = settings.store / "quizzes" / "coffee.yaml"
    quiz = json.loads(file.read_text(encoding="utf-8"))
    file.unlink()
    file.with_name("kaffee.yaml").write_text(json.dumps(quiz | {"was": ["coffee"]}), encoding="utf-8")
    clock.advance(3 * 24 * 3600)
    back = re.search(r'href="(/a/[^"]+)">Keep them and go back', shopper.get(address).text)
    assert back
    assert shopper.get(back[1], follow_redirects=True).status_code == 200


def test_where_it_cannot_be_listed_nothing_is_deleted(app: Flask, shopper: Shopper, settings: Settings) -> None:
    """A folder that cannot be written: 503, the form is kept to be sent again, and every row is still there."""
    address = mine(shopper, shopper.finish(ANSWERS))
    folder: Path = settings.erasures_folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("no folder")
    response = shopper.post(address, {"sure": "yes"})
    assert response.status_code == 503
    assert "Send again" in response.text
    assert (count(app, "answer"), count(app, "visitor")) == (6, 1)


def test_only_an_answered_question_is_listed(app: Flask, shopper: Shopper) -> None:
    """Amid the quiz, too, what was answered so far can be seen and deleted."""
    address = shopper.start()
    shopper.answer(address, "espresso")
    with reading(engine_of(app)) as connection:
        attempt = connection.execute(select(columns(Attempt).id)).scalar_one()
    page = shopper.get(f"/mine/{attempt}").text
    assert page.count("<dt>") == 1
    shopper.post(f"/mine/{attempt}", {"sure": "yes"})
    with reading(engine_of(app)) as connection:
        assert connection.execute(select(columns(Answer).value)).all() == []
