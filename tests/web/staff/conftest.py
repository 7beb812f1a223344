"""Fixtures of staff access: the whole application of the coffee shop, in which passwords are hashed quickly."""

import pytest
from flask import Flask

from quizfunnel.web.staff.views import Parts
from tests.web.staff.colleague import QUICK


@pytest.fixture
def office(app: Flask) -> Flask:
    """Give the application; nobody works there yet."""
    app.extensions["staff"] = Parts(QUICK)
    return app
