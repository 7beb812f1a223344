"""Laws of the demo's switch between the arms: chance would have drawn its visitors so, and no figure counts them."""

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.experiment import arms, planning
from quizfunnel.experiment.design import Design
from quizfunnel.experiment.frozen import freeze
from quizfunnel.kit.clock import SetClock
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit import identity
from quizfunnel.visit.tables import Assignment, Visitor
from tests.pages import Tab


def designs(app: Flask) -> list[Design]:
    """Return the holdouts of the demo's quizzes."""
    live = (app.extensions["demo"].shelf.live(slug) for slug in ("coffee", "skin-care"))
    return [design for each in live if (design := planning.quiz_design(each.slug, each.quiz))]


def seen_as(tab: Tab, app: Flask, choice: str) -> str:
    """Choose how to see the shop; return the visitor that the browser is then."""
    assert tab.post("/see-as", {"as": choice}).location == "/#see-as"
    cookie = tab.client.get_cookie("qf_v")
    assert cookie is not None
    return identity.read_cookie(app.extensions["quizfunnel"].signer, cookie.value) or ""


@pytest.mark.parametrize("choice", ["invited", "holdout"])
def test_one_becomes_a_visitor_of_the_arm_whom_no_figure_counts(demo: Flask, choice: str) -> None:
    """In every quiz's experiment, by the same keyed draw as anybody's; the landing page says so."""
    tab, signer = Tab(demo), demo.extensions["quizfunnel"].signer
    visitor = seen_as(tab, demo, choice)
    for design in designs(demo):
        assert arms.arm(signer.digest("arm", arms.draw_text(design, visitor)), design) == choice
    assert f"You are {'an' if choice == 'invited' else 'a'} {choice} visitor" in tab.get("/").text
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        rows = connection.execute(select(columns(Visitor).id, columns(Visitor).kind)).all()
        assert [tuple(row) for row in rows] == [(visitor, "test")]
        assert connection.execute(select(columns(Assignment).arm)).all() == []


def test_the_share_that_was_frozen_counts(demo: Flask, clock: SetClock) -> None:
    """A file that was edited since draws nobody otherwise than its experiment began."""
    signer = demo.extensions["quizfunnel"].signer
    begun = designs(demo)[0]._replace(holdout_share=0.001)
    with writing(demo.extensions["quizfunnel"].engine) as connection:
        freeze(connection, begun, at=clock.now(), simulated=False)
    for _ in range(8):
        visitor = seen_as(Tab(demo), demo, "holdout")
        assert arms.arm(signer.digest("arm", arms.draw_text(begun, visitor)), begun) == "holdout"


def test_as_a_new_visitor_one_starts_afresh_and_counts(demo: Flask) -> None:
    """Somebody whom nobody has met; the visitor of before stays left out."""
    tab = Tab(demo)
    before = seen_as(tab, demo, "holdout")
    after = seen_as(tab, demo, "visitor")
    assert after != before
    tab.get("/q/coffee")
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        query = select(columns(Visitor).id, columns(Visitor).kind)
        assert {row[0]: row[1] for row in connection.execute(query)} == {before: "test", after: "shopper"}


def test_any_other_choice_is_told(demo: Flask) -> None:
    """And changes nothing."""
    tab = Tab(demo)
    assert tab.post("/see-as", {"as": "king"}).status_code == 422
    assert tab.client.get_cookie("qf_v") is None
