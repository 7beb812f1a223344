"""A shop that is somebody else's program, connected to the cast's store."""

from collections.abc import Iterator

import pytest
from flask import Flask

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import InvitationSettings, Settings, Shop
from tests.shop.browsers import ORIGIN

INVITATIONS = {"/coffee*": InvitationSettings(quiz="coffee", place="#hint")}


@pytest.fixture
def shop_settings(settings: Settings) -> Settings:
    """Give the settings of a store whose shop asks for consent by its own banner."""
    shop = Shop(origins=(ORIGIN,), consent_adapter="call")
    return settings.model_copy(update={"consent": "ask", "shop": shop, "invitations": INVITATIONS})


@pytest.fixture
def connected(shop_settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """Give the application of that store."""
    app = create_app(shop_settings, clock=clock, demo=False)
    yield app
    app.extensions["quizfunnel"].engine.dispose()
