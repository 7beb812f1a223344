"""Laws of a connected shop's health: what keeps visitors out is said, with what to do about it."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Holdout, InvitationSettings, Settings, Shop
from quizfunnel.web.health import Probe
from tests.shop.browsers import ORIGIN, ShopBrowser


def said(app: Flask) -> list[Probe]:
    """Return what the health check says of the shop."""
    return [probe for probe in app.extensions["health"]() if probe.name == "shop"]


def test_a_connected_shop_is_well(connected: Flask, app: Flask) -> None:
    """It is named; without one there is nothing to say."""
    assert said(connected) == [Probe("shop", "ok", ORIGIN)]
    assert said(app) == []


def test_a_limit_that_binds_is_said(connected: Flask, clock: SetClock) -> None:
    """With how many it kept out in the last hour, and the setting; an hour later it is over."""
    for _ in range(33):
        ShopBrowser(connected).look()
    (probe,) = said(connected)
    assert probe.state == "degraded"
    assert "3 new visitors were not recorded" in probe.say
    assert "new_visitors_a_minute" in probe.say
    clock.advance(timedelta(hours=1, minutes=1).total_seconds())
    assert said(connected)[0].state == "ok"


def test_a_proxy_that_nobody_set_is_said(connected: Flask, clock: SetClock) -> None:
    """Where nearly everybody comes from one address; many who come from everywhere are no reason."""
    for minute in range(3):
        for _ in range(20):
            ShopBrowser(connected).look()
        clock.advance(60 * (minute + 1))
    (probe,) = said(connected)
    assert "60 of the last hour's 60 new visitors came from one network address" in probe.say
    assert "QUIZFUNNEL_PROXIES" in probe.say
    for number in range(30):
        ShopBrowser(connected, address=f"10.1.0.{number}").look()
    assert said(connected)[0].state == "ok"


def test_a_place_that_no_page_has_is_said(connected: Flask, clock: SetClock) -> None:
    """From twenty views on, with the pattern and the selector; where it was lost, once a day has passed without one."""
    for _ in range(19):
        ShopBrowser(connected, consent="unknown").look("/coffee", place=False)
    assert said(connected)[0].state == "ok"
    ShopBrowser(connected, consent="unknown").look("/coffee/beans", place=False)
    (probe,) = said(connected)
    assert probe.state == "degraded"
    assert "none of the last 20 views of /coffee* had a place for the invitation" in probe.say
    assert "#hint" in probe.say
    ShopBrowser(connected).look("/coffee", place=True)
    assert said(connected)[0].state == "ok"
    clock.advance(timedelta(days=2).total_seconds())
    assert said(connected)[0].state == "ok"
    for _ in range(20):
        ShopBrowser(connected, consent="unknown").look("/coffee", place=False)
    assert "none of the last 20 views" in said(connected)[0].say


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "degraded"),
        ({"consent": "off"}, "ok"),
        ({"shop": Shop(origins=(ORIGIN,), consent_banner=True)}, "ok"),
        ({"holdout": Holdout(name="all", share=0.1)}, "degraded"),
    ],
)
def test_an_experiment_that_nobody_can_enter_is_said(
    shop_settings: Settings, clock: SetClock, changes: dict[str, Any], state: str
) -> None:
    """Where consent is asked for and no banner is heard, with the two settings that mend it."""
    app = create_app(
        shop_settings.model_copy(update={"shop": Shop(origins=(ORIGIN,))} | changes), clock=clock, demo=False
    )
    (probe,) = said(app)
    assert probe.state == state
    if state == "degraded":
        assert "consent_adapter" in probe.say
        assert "consent_banner" in probe.say
    app.extensions["quizfunnel"].engine.dispose()


def test_a_page_that_invites_to_no_quiz_is_said(shop_settings: Settings, clock: SetClock) -> None:
    """As after a quiz was withdrawn: its page invites to nothing."""
    gone = {"invitations": {"/tea": InvitationSettings(quiz="tea")}}
    app = create_app(shop_settings.model_copy(update=gone), clock=clock, demo=False)
    (probe,) = said(app)
    assert (probe.state, "there is no quiz `tea`" in probe.say) == ("degraded", True)
    app.extensions["quizfunnel"].engine.dispose()
