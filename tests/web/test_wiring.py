"""Law of the wiring: a view gets what its own application was made with, and not another's."""

from flask import Flask

from quizfunnel.web.wiring import wiring
from tests.cast import NOON


def test_a_view_gets_its_own_apps_wiring(app: Flask, demo: Flask) -> None:
    """Two applications in one process share nothing of it."""
    with app.app_context():
        mine = wiring()
    with demo.app_context():
        other = wiring()
    assert (mine.demo, other.demo) == (False, True)
    assert mine.engine is not other.engine
    assert mine.settings.store != other.settings.store
    assert mine.clock.now() == NOON
