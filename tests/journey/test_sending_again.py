"""What can't be saved just now is kept on the page that says so, and one press sends it again as it was."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from quizfunnel.demo.views import see_as
from quizfunnel.journey.tables import Answer
from quizfunnel.journey.views import promise, question
from quizfunnel.offer import views as offer_views
from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.web import form_token
from quizfunnel.web.arrival import REFUSED
from quizfunnel.web.errors import BODY_LOST
from tests.journey.answers import ANSWERS
from tests.pages import HTMX, Shopper, Tab, step, token

FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


@contextmanager
def _nothing_written() -> Iterator[None]:
    """Let the database take no writing."""

    def away(*_: object) -> None:
        raise DatabaseAway("locked")

    with pytest.MonkeyPatch.context() as patch:
        for views in (promise, question, offer_views):
            patch.setattr(views, "write", away)
        yield


def _kept(page: TestResponse) -> tuple[str, list[tuple[str, str]]]:
    """Return the address and the fields of the form on a page of 503."""
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert ">Send again</button>" in page.text
    address = re.search(r'<form method="post" action="([^"]+)">', page.text)
    assert address
    fields = [(html.unescape(name), html.unescape(value)) for name, value in FIELD.findall(page.text)]
    fields = [(name, value) for name, value in fields if name != form_token.FIELD]  # each page has its own
    return html.unescape(address.group(1)), fields


def _send(shopper: Shopper, address: str, fields: list[tuple[str, str]]) -> TestResponse:
    data: dict[str, Any] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    return shopper.post(address, data)


@pytest.mark.parametrize("cookies", [True, False], ids=["cookies", "none"])
def test_an_answer_is_kept_and_sent_again(app: Flask, cookies: bool) -> None:  # noqa: FBT001
    """Every field as it was posted, twice the same name too; then one row and the next question, as if nothing was."""
    shopper = Shopper(app, cookies=cookies)
    address = shopper.start()
    sent = {"view": token(shopper.get(address).text), "answer": "espresso", "a30": "0", "a10": "0", "seq": "1"}
    with _nothing_written():
        to, fields = _kept(shopper.post(address, sent))
        assert _kept(_send(shopper, to, fields)) == (to, fields)
    assert (to, dict(fields)) == (address, sent)
    assert ("?t=" in to) is not cookies
    assert step(str(_send(shopper, to, fields).location)) == "grinder"
    with reading(app.extensions["quizfunnel"].engine) as connection:
        assert connection.execute(select(func.count()).select_from(Answer)).scalar_one() == 1


def test_several_values_and_hostile_ones_are_kept_as_they_are(app: Flask) -> None:
    """A field of several values, markup and nothing at all: text, each where it was."""
    shopper = Shopper(app)
    offer = shopper.finish(ANSWERS)
    with _nothing_written():
        page = shopper.post(f"{offer}/none", {"why": ['"><script>x</script>', "", "two\nlines"], "other": "é"})
    assert "<script>" not in page.text
    assert _kept(page) == (
        f"{offer}/none",
        [("why", '"><script>x</script>'), ("why", ""), ("why", "two\nlines"), ("other", "é")],
    )


def test_a_start_is_sent_again(app: Flask) -> None:
    """A form without a field is one too."""
    shopper = Shopper(app)
    with _nothing_written():
        to, fields = _kept(shopper.post("/q/coffee/start"))
    assert (to, fields) == ("/q/coffee/start", [])
    assert "/brew" in str(shopper.post(to).location)


def test_with_htmx_the_page_keeps_the_form_itself(app: Flask) -> None:
    """A line to say beside the button, and nothing to swap in."""
    shopper = Shopper(app)
    address = shopper.start()
    with _nothing_written():
        line = shopper.answer(address, "espresso", htmx=True)
    assert (line.status_code, line.mimetype) == (503, "text/plain")
    assert line.text.startswith("We can't save just now.")


def test_a_form_that_the_server_has_no_time_for_is_kept(app: Flask) -> None:
    """Where its body has arrived; of one that has not there is nothing to send again."""
    shopper = Shopper(app)
    address = shopper.start()
    form = {"view": token(shopper.get(address).text), "answer": "espresso"}
    page = shopper.post(address, form, environ_overrides={REFUSED: 503})
    assert _kept(page) == (address, list(form.items()))
    lost = shopper.post(address, environ_overrides={REFUSED: 503, BODY_LOST: True})
    assert (lost.status_code, "Send again" in lost.text) == (503, False)
    line = shopper.post(address, form, headers=HTMX, environ_overrides={REFUSED: 503})
    assert "<" not in line.text


def test_what_would_be_refused_again_is_not_offered(demo: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that says itself why it cannot do what it was asked; pressing once more would change nothing."""
    monkeypatch.setattr(see_as, "MOST_DRAWS", 0)
    page = Tab(demo).post("/see-as", {"as": "holdout"})
    assert (page.status_code, "No visitor was drawn" in page.text, "Send again" in page.text) == (503, True, False)


def test_no_password_is_kept(app: Flask) -> None:
    """Forms of staff are not on the page, whoever has no time for them."""
    page = Shopper(app).post("/insight/sign-in", {"password": "tall ship"}, environ_overrides={REFUSED: 503})
    assert (page.status_code, "tall ship" in page.text, "Send again" in page.text) == (503, False, False)
