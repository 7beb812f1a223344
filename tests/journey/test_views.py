"""The shopper's way over HTTP: promise, questions, the gate, going back, resuming, and bad input."""

import logging
import re
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from quizfunnel.journey import record
from quizfunnel.journey.tables import Answer, Attempt, QuestionView
from quizfunnel.journey.views import question as views
from quizfunnel.kit import signing
from quizfunnel.kit.clock import SetClock
from quizfunnel.kit.signing import Signer
from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.store.types import columns
from quizfunnel.web.fault_log import FaultLog
from tests import cast
from tests.journey.answers import ANSWERS
from tests.pages import HTMX, ORIGIN, Shopper, Tab, step, token
from tests.staff import sign_in

SECRETS = ("dark-bean", "Dark Bean", "decaf-bean", "Decaf Bean")


def _priced(text: str) -> bool:
    """Tell whether a text holds a price: the ends of a scale are whole pounds."""
    return re.search(r"£\d+\.\d\d", text) is not None


def rows(app: Flask, table: Any) -> int:
    """Count a table's rows."""
    with reading(app.extensions["quizfunnel"].engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.fixture
def shopper(app: Flask) -> Shopper:
    """Give somebody who comes to the shop for the first time."""
    return Shopper(app)


def test_the_promise_tells_length_and_skip_before_the_first_click(shopper: Shopper, app: Flask) -> None:
    """The number of questions, the time, that no e-mail is asked for, and the way past it; a GET starts nothing."""
    page = shopper.get("/q/coffee")
    assert "5 or 6 questions · about 1 minute · no e-mail" in page.text
    assert "See all coffees without the quiz" in page.text
    assert rows(app, Attempt) == 0


def test_the_whole_way_ends_at_the_offer(shopper: Shopper) -> None:
    """Six answers lead to products with prices and reasons."""
    page = shopper.get(shopper.finish(ANSWERS))
    assert "Your coffees" in page.text
    assert "Dark Bean" in page.text
    assert "£9.00" in page.text
    assert "<li>For espresso</li>" in page.text


def test_htmx_gets_the_next_question_as_a_part(shopper: Shopper) -> None:
    """The same answer with htmx: a part with the next question, its address pushed, its size small."""
    address = shopper.start()
    part = shopper.answer(address, "espresso", htmx=True)
    assert part.status_code == 200
    assert part.text.startswith('<main id="step"')
    assert "Do you own a grinder?" in part.text
    assert part.headers["HX-Push-Url"] == address.replace("brew", "grinder")
    assert "HX-Request" in part.headers["Vary"]


def test_the_part_and_the_page_show_the_same_question(shopper: Shopper) -> None:
    """The part drawn ahead for htmx equals the reload's, but for the view token."""
    part = shopper.answer(shopper.start(), "espresso", htmx=True)
    page = shopper.get(part.headers["HX-Push-Url"])
    assert part.text.replace(token(part.text), "T").strip() in page.text.replace(token(page.text), "T")


def test_the_gate_stays_shut_and_leaks_nothing(shopper: Shopper) -> None:
    """Before the last answer every way to the offer leads to the next question, with no product or price."""
    address = shopper.start()
    attempt = address.removesuffix("/brew")
    for question, values in ANSWERS.items():
        for way in (f"{attempt}/offer", f"/go/{attempt.rpartition('/')[2]}/dark-bean", attempt):
            response = shopper.get(way)
            assert response.status_code == 303
            assert response.location == f"{attempt}/{question}"
            told = response.text + str(response.headers).replace("dark-bean", "", way.count("dark-bean"))
            assert not _priced(told)
            assert not any(secret in told for secret in SECRETS[1:])
        denied = shopper.post(f"{attempt}/offer/none", {"why": ""})
        assert denied.location == f"{attempt}/{question}"
        page = shopper.get(f"{attempt}/{question}").text
        assert not _priced(page)
        assert not any(secret in page for secret in SECRETS)
        fields = {"skip": "1"} if values == ("skip",) else {"none": "1"} if values == () else {}
        shopper.answer(f"{attempt}/{question}", *(() if fields else values), fields=fields)
    assert shopper.get(f"{attempt}/offer").status_code == 200


def test_a_question_ahead_cannot_be_answered(shopper: Shopper, app: Flask) -> None:
    """A form for a question that is not next sends the shopper to the one that is, and keeps nothing."""
    attempt = shopper.start().removesuffix("/brew")
    response = shopper.post(f"{attempt}/budget", {"answer": "30"})
    assert (response.status_code, response.location) == (303, f"{attempt}/brew")
    assert rows(app, Answer) == 0


def test_back_shows_what_was_chosen_and_the_answer_can_change(shopper: Shopper, app: Flask) -> None:
    """Going back finds the answer ticked; changing it leaves the old branch in the log and out of the way."""
    address = shopper.start()
    shopper.answer(address, "espresso")
    shopper.answer(address.replace("brew", "grinder"), "yes")
    assert 'value="espresso" checked' in shopper.get(address).text
    response = shopper.answer(address, "moka")
    assert step(str(response.location)) == "moment"
    assert shopper.get(address.replace("brew", "grinder")).status_code == 303
    assert rows(app, Answer) == 3


def test_two_tabs_and_a_double_submit_give_one_row_and_one_way(shopper: Shopper, app: Flask) -> None:
    """The same form twice, and the same answer from a second tab."""
    address = shopper.start()
    forms = [{"view": token(shopper.get(address).text), "answer": "espresso"} for _ in range(2)]
    ways = {shopper.post(address, form).location for form in (forms[0], forms[0], forms[1])}
    assert ways == {address.replace("brew", "grinder")}
    assert rows(app, Answer) == 1


def test_a_second_visit_offers_to_go_on(shopper: Shopper) -> None:
    """The promise says where one stopped; going on leads there; starting again is a new attempt."""
    address = shopper.start()
    shopper.answer(address, "espresso")
    page = shopper.get("/q/coffee")
    assert "You stopped at question 2" in page.text
    assert shopper.get(address.removesuffix("/brew")).location == address.replace("brew", "grinder")
    assert shopper.start() != address


def test_start_twice_without_an_answer_is_one_attempt(shopper: Shopper, app: Flask) -> None:
    """A double click on Start begins once."""
    assert shopper.start() == shopper.start()
    assert rows(app, Attempt) == 1


def test_somebody_elses_attempt_is_not_found(shopper: Shopper, app: Flask) -> None:
    """Without the cookie or the token an attempt answers like one that does not exist."""
    address = shopper.start()
    stranger = Tab(app)
    bodies = {stranger.get(way).text for way in (address, f"/a/{'0' * 32}/brew", "/a/nonsense/brew")}
    assert len(bodies) == 1
    assert stranger.post(address, {"answer": "moka"}).status_code == 404
    assert rows(app, Answer) == 0


def test_without_consent_the_token_goes_along(app: Flask) -> None:
    """Global Privacy Control and no cookies: no visitor, no time; the quiz works by the token in its links."""
    shopper = Shopper(app, {"Sec-GPC": "1"}, cookies=False)
    address = shopper.start()
    assert "?t=" in address
    response = shopper.answer(address, "moka", fields={"a30": "5000", "a10": "5000", "seq": "1"})
    assert "?t=" in str(response.location)
    with reading(app.extensions["quizfunnel"].engine) as connection:
        assert connection.execute(select(columns(Attempt).visitor_id)).scalar_one() is None
        assert connection.execute(select(columns(Answer).source)).scalar_one() == "none"


def test_measured_time_is_stored(shopper: Shopper, app: Flask, clock: SetClock) -> None:
    """The hidden fields' claim, held against the server's own time, stands with the answer."""
    address = shopper.start()
    form = {"view": token(shopper.get(address).text), "answer": "moka", "a30": "7000", "a10": "6000", "seq": "2"}
    clock.advance(8)
    shopper.post(address, form)
    answer = columns(Answer)
    with reading(app.extensions["quizfunnel"].engine) as connection:
        row = connection.execute(
            select(
                answer.wall_ms, answer.active_ms, answer.active10_ms, answer.source, answer.shown_at, answer.wall_clock
            )
        ).one()
    assert tuple(row) == (8_000, 7_000, 6_000, "client", cast.NOON, "monotonic")


@pytest.mark.parametrize("view", ["", "forged", "a.b.c.d.e"])
def test_an_answer_without_a_good_token_is_taken_without_time(shopper: Shopper, app: Flask, view: str) -> None:
    """Timing never gates an answer."""
    response = shopper.post(shopper.start(), {"view": view, "answer": "moka", "a30": "9", "a10": "9"})
    assert response.status_code == 303
    with reading(app.extensions["quizfunnel"].engine) as connection:
        assert connection.execute(select(columns(Answer).source)).scalar_one() == "none"


def test_a_beacon_is_kept_and_always_answered_204(shopper: Shopper, app: Flask, clock: SetClock) -> None:
    """Good, forged, broken, for nobody's attempt: 204; only the good one is kept."""
    address = shopper.start()
    view = token(shopper.get(address).text)
    clock.advance(5)
    to = address.replace("/a/", "/t/").removesuffix("/brew")
    good = {"view": view, "question": "brew", "seq": 1, "a30": 4000, "a10": 4000}
    for where, body in [
        (to, good),
        (to, good | {"view": "forged"}),
        (to, good | {"a30": -1}),
        (f"/t/{'0' * 32}", good),
        ("/t/x", good),
    ]:
        assert shopper.client.post(where, json=body, headers=shopper.headers).status_code == 204
    assert shopper.client.post(to, data=b"\xff" * 5000).status_code == 204
    assert rows(app, QuestionView) == 1


def test_beacons_that_are_lost_are_a_line_a_minute(
    shopper: Shopper, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Every open page sends one again and again, so that a full disk would fill the log too."""

    def away(*_: object) -> None:
        raise DatabaseAway("database or disk is full")

    monkeypatch.setattr(views, "_log", FaultLog(logging.getLogger("beacons"), now=lambda: 100.0))
    monkeypatch.setattr(record, "load", away)
    beacon = {"view": "v", "question": "brew", "seq": 1, "a30": 4000, "a10": 4000}
    for _ in range(3):
        assert shopper.client.post(f"/t/{'0' * 32}", json=beacon).status_code == 204
    assert [line.getMessage() for line in caplog.records] == ["a beacon was lost: database or disk is full"]


def test_bad_answers_are_told_beside_the_field_and_keep_what_was_chosen(shopper: Shopper) -> None:
    """422 with the sentence; with htmx as a part."""
    address = shopper.start()
    page = shopper.answer(address)
    assert page.status_code == 422
    assert "Choose one answer." in page.text
    part = shopper.answer(address, "teapot", htmx=True)
    assert part.status_code == 422
    assert part.text.startswith("<main")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": None, "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": None, "Origin": "null"},
    ],
)
def test_a_form_from_another_site_changes_nothing(shopper: Shopper, app: Flask, headers: dict[str, str | None]) -> None:
    """403, whatever the cookie says."""
    address = shopper.start()
    form = {"view": token(shopper.get(address).text), "answer": "moka"}
    shopper.headers = {name: value for name, value in (ORIGIN | headers).items() if value is not None}
    assert shopper.post(address, form).status_code == 403
    assert shopper.post("/q/coffee/start").status_code == 403
    assert rows(app, Answer) == 0


def test_a_browser_that_says_nothing_needs_the_forms_token(shopper: Shopper) -> None:
    """Neither Sec-Fetch-Site nor Origin: the view token proves the form, without it 403."""
    address = shopper.start()
    view = token(shopper.get(address).text)
    shopper.headers = {"User-Agent": ORIGIN["User-Agent"]}
    assert shopper.post(address, {"answer": "moka"}).status_code == 403
    assert shopper.post(address, {"answer": "moka", "view": view}).status_code == 303


def test_a_withdrawn_quiz_takes_no_new_shoppers_and_lets_others_finish_for_a_day(
    shopper: Shopper, settings: Any, clock: SetClock
) -> None:
    """410 for a new start; an attempt goes on for 24 hours."""
    address = shopper.start()
    (settings.store / "quizzes" / "coffee.yaml").unlink()
    clock.advance(2)
    assert shopper.get("/q/coffee").status_code == 410
    assert shopper.post("/q/coffee/start").status_code == 410
    assert shopper.answer(address, "moka").status_code == 303
    clock.advance(25 * 3600)
    assert shopper.get(address).status_code == 410


def test_an_attempt_stays_on_its_version(shopper: Shopper, settings: Any, clock: SetClock) -> None:
    """An edit of the file while somebody takes the quiz: the old questions go on, new starts get the new ones."""
    address = shopper.start()
    questions = [dict(question) for question in cast.COFFEE["questions"]]  # type: ignore[attr-defined]
    questions[0]["ask"] = "Which brewer do you use?"
    cast.write_store(settings.store, questions=questions)
    clock.advance(2)
    assert "How do you make coffee at home?" in shopper.get(address).text
    other = Shopper(shopper.client.application)
    assert "Which brewer do you use?" in other.get(other.start()).text


def test_a_broken_file_takes_nothing_down(app: Flask, shopper: Shopper, settings: Any, clock: SetClock) -> None:
    """The last good version serves on, and the health page says why to the staff without a 5xx."""
    shopper.get("/q/coffee")
    (settings.store / "quizzes" / "coffee.yaml").write_text("title: [", encoding="utf-8")
    clock.advance(2)
    assert shopper.get("/q/coffee").status_code == 200
    health = sign_in(app.test_client()).get("/healthz")
    assert health.status_code == 200
    assert health.json is not None
    assert health.json["state"] == "degraded"
    assert "coffee.yaml:1:" in health.text


def test_an_access_token_of_another_attempt_opens_nothing(shopper: Shopper, app: Flask, signer: Signer) -> None:
    """A token is good for its own attempt alone."""
    address = shopper.start()
    stranger = Tab(app)
    wrong = signer.sign(signing.ATTEMPT, "0" * 32)
    right = signer.sign(signing.ATTEMPT, address.split("/")[2])
    assert stranger.get(f"{address}?t={wrong}").status_code == 404
    assert stranger.get(f"{address}?t={right}").status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/q/nothing", 404),
        ("/q/..%2f..%2fetc", 404),
        ("/a/x/offer", 404),
        ("/r/forged", 404),
        ("/static/../pyproject.toml", 404),
        ("/static/%2e%2e/pyproject.toml", 404),
        ("/static/nothing.css", 404),
        ("/go/x/y", 404),
        ("/nothing", 404),
    ],
)
def test_addresses_that_do_not_exist(shopper: Shopper, path: str, status: int) -> None:
    """404 in plain words, with a way on."""
    assert shopper.get(path).status_code == status


def test_a_foreign_host_name_is_refused(app: Flask) -> None:
    """The Host header is held to the hosts that the store has."""
    assert app.test_client().get("/q/coffee", headers={"Host": "evil.example"}).status_code == 400


def test_a_huge_form_is_refused(shopper: Shopper) -> None:
    """413, and nothing is read."""
    assert shopper.post(shopper.start(), {"answer": "x" * 100_000}).status_code == 413


@pytest.mark.thorough
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/q/coffee/start", "{a}/brew", "{a}/nothing", "{a}/offer/none", "/consent", "/t/x"]),
    fields=st.dictionaries(
        st.sampled_from(["answer", "view", "t", "a30", "a10", "seq", "skip", "none", "why", "choice", "next"]),
        st.text(max_size=20),
        max_size=5,
    ),
    htmx=st.booleans(),
)
def test_no_form_is_an_error_of_ours(app: Flask, path: str, fields: dict[str, str], htmx: bool) -> None:  # noqa: FBT001
    """Whatever is posted is answered below 500, and by a page that is sound."""
    shopper = Shopper(app)
    attempt = shopper.start().removesuffix("/brew")
    response = shopper.post(path.format(a=attempt), fields, headers=HTMX if htmx else {})
    assert response.status_code in (200, 204, 303, 403, 404, 422)
