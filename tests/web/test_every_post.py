"""Laws of every post, to any address: an answer below 500 in plain words, and nothing half-written."""

from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pages import HTMX, Shopper

FIELDS = (
    "answer view t a30 a10 seq skip none why choice next product action as password order_id form token data".split()  # noqa: SIM905 - read as words
)
TEXT = st.text(max_size=30) | st.sampled_from(
    ["1", "yes", "/shop", "//evil.example", "night-ferry-beans", "\0", "\ud800"]
)
BODIES = st.dictionaries(st.sampled_from(FIELDS), TEXT | st.lists(TEXT, max_size=3), max_size=5) | st.binary(
    max_size=80
)
TYPES = st.sampled_from(
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "text/plain", ""]
)
PART = st.sampled_from(["coffee", "x", "0" * 32, "standard", "shopify", "..", "%00", "brew", "é"])


def post_rules(app: Flask) -> list[Any]:
    """Return every rule that takes a POST."""
    return [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]


def test_there_are_posts_to_drive(demo: Flask) -> None:
    """The rooms are all there: quiz, offer, consent, beacon, hooks, shop, staff."""
    assert {rule.rule.split("/")[1] for rule in post_rules(demo)} == {
        "a",
        "consent",
        "hooks",
        "insight",
        "q",
        "shop",
        "t",
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_post_is_an_error_of_ours(demo: Flask, data: st.DataObject) -> None:
    """Any route, any form or bytes, any type, with htmx and without, by a shopper with an attempt under way."""
    rule = data.draw(st.sampled_from(post_rules(demo)))
    shopper = Shopper(demo)
    own = shopper.start().split("/")[2]
    values = {name: data.draw(st.just(own) | PART if name == "attempt" else PART) for name in rule.arguments}
    path = rule.rule
    for name, value in values.items():
        path = path.replace(f"<{name}>", value)
    sent = data.draw(BODIES)
    headers = data.draw(st.sampled_from([{}, HTMX]))
    kind = {} if isinstance(sent, dict) else {"content_type": data.draw(TYPES)}
    if isinstance(sent, dict):
        sent = {name: _sendable(value) for name, value in sent.items()}
    response = shopper.post(path, sent, headers=headers, **kind)
    assert response.status_code < 500, (path, sent)
    assert "Traceback" not in response.text


def _sendable(value: str | list[str]) -> str | list[str]:
    """Keep what a form can carry at all; a lone surrogate travels as a question mark."""
    if isinstance(value, list):
        return [each.encode("utf-8", "replace").decode() for each in value]
    return value.encode("utf-8", "replace").decode()
