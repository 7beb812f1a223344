"""Laws of the change of keys, step by step as docs/running.md has it: no shopper is lost on the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

from flask import Flask
from pydantic import SecretStr

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings
from tests import cast
from tests.pages import Shopper

OLD, NEW = cast.KEY.decode(), "the new key has letters enough"


@contextmanager
def machine(settings: Settings, clock: SetClock, key: str) -> Iterator[Flask]:
    """Give a machine of the store that has a key."""
    app = create_app(settings.model_copy(update={"secret_key": SecretStr(key)}), clock=clock, demo=False)
    yield app
    app.extensions["quizfunnel"].engine.dispose()


def go_on(shopper: Shopper, app: Flask, address: str) -> int:
    """Return how the page of a question is answered to a shopper whose request reaches that machine."""
    cookies, shopper.client = shopper.client._cookies, app.test_client()
    shopper.client._cookies = cookies
    return shopper.get(address).status_code


def test_a_shopper_goes_on_while_the_key_changes(settings: Settings, clock: SetClock) -> None:
    """In every step what one machine signs the others read, those of the step before as well."""
    steps = (OLD, f"{OLD},{NEW}", f"{NEW},{OLD}")
    for before, after in pairwise(steps):
        with machine(settings, clock, before) as one, machine(settings, clock, after) as other:
            for here, there in ((one, other), (other, one)):
                shopper = Shopper(here)
                assert go_on(shopper, there, shopper.start()) == 200


def test_what_the_old_key_signed_ends_with_it(settings: Settings, clock: SetClock) -> None:
    """After the last step a token of the new key is read, and one of the old key is a stranger's."""
    with machine(settings, clock, f"{NEW},{OLD}") as one, machine(settings, clock, NEW) as other:
        shopper = Shopper(one)
        assert go_on(shopper, other, shopper.start()) == 200
    with machine(settings, clock, OLD) as one, machine(settings, clock, NEW) as other:
        shopper = Shopper(one)
        assert go_on(shopper, other, shopper.start()) == 404


def test_why_a_second_machine_needs_the_first_step(settings: Settings, clock: SetClock) -> None:
    """Straight to `new,old`, a machine that has not been restarted meets tokens that it cannot read."""
    with machine(settings, clock, f"{NEW},{OLD}") as one, machine(settings, clock, OLD) as other:
        shopper = Shopper(one)
        assert go_on(shopper, other, shopper.start()) == 404
