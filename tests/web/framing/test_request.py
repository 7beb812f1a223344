"""The shop's listed origins may frame the pages of a quiz, and nobody anything else: by every route there is."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask

from tests.pages import ORIGIN

FRAMABLE = {
    "journey.promise.promise",
    "journey.promise.start",
    "journey.question.resume",
    "journey.question.ask",
    "journey.question.answer",
    "offer.show",
    "offer.none_suits",
}
NOBODY = ("frame-ancestors 'none'", "DENY")


def answers(app: Flask, query: str) -> Iterator[tuple[str, tuple[str, str | None]]]:
    """Give each route's endpoint with what its answer says of frames: the policy's end, and X-Frame-Options."""
    for rule in app.url_map.iter_rules():
        path = re.sub("<(?:[^>:]+:)?([^>]+)>", lambda name: "coffee" if name[1] == "slug" else "x", rule.rule)
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            response = app.test_client().open(f"{path}?{query}", method=method, headers=ORIGIN)
            policy = response.headers["Content-Security-Policy"].rpartition("; ")[2]
            yield rule.endpoint, (policy, response.headers.get("X-Frame-Options"))


def test_the_shop_frames_the_pages_of_a_quiz_alone(demo: Flask) -> None:
    """Not the staff's, not consent, deletion, doors, shared results or the way to a product; errors of a page as it."""
    shop, *others = demo.extensions["quizfunnel"].settings.shop.origins
    for entry in ("frame", "popup"):
        said = list(answers(demo, f"{entry}={quote(shop, safe='')}"))
        listed = f"frame-ancestors {' '.join(sorted([shop, *others]))}"
        assert {endpoint for endpoint, told in said if told == (listed, None)} == FRAMABLE
        assert {told for endpoint, told in said if endpoint not in FRAMABLE} == {NOBODY}


@pytest.mark.parametrize("query", ["", "frame=1", "frame=https://evil.example", "frame=http://localhost.evil.test"])
def test_no_other_address_is_framed_by_anybody(demo: Flask, query: str) -> None:
    """Nor by the shop: only what says for whom it is shown."""
    assert {told for _, told in answers(demo, query)} == {NOBODY}


def test_a_store_without_a_shop_frames_nothing(app: Flask) -> None:
    """Whatever an address says."""
    assert {told for _, told in answers(app, "frame=https://shop.example")} == {NOBODY}
