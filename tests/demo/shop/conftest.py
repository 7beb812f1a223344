"""A demo shop, and the end of the hook that its messages go to."""

from pathlib import Path

import pytest

from quizfunnel.kit.clock import SetClock
from tests.demo.shop.shops import Customer, Hook, open_shop


@pytest.fixture
def hook() -> Hook:
    """Give a quiz server's end that takes every message."""
    return Hook()


@pytest.fixture
def shopper(tmp_path: Path, hook: Hook, clock: SetClock) -> Customer:
    """Give somebody in a demo shop."""
    return open_shop(tmp_path, hook, clock)
