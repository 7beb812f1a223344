"""Laws of request ids: whose are taken, and which lines bear them."""

import re

import pytest

from quizfunnel.telemetry import request_ids

SENT = "4f0c2c3a-9d5e-4a8b-b1f7-0a4f5b6c7d8e"


def test_a_strangers_id_is_never_taken() -> None:
    """Without a proxy of the store's own whoever sends an id would choose what stands in the log."""
    id = request_ids.choose({"HTTP_X_REQUEST_ID": SENT}, trusted=False)
    assert re.fullmatch("[0-9a-f]{16}", id)
    assert id != request_ids.choose({"HTTP_X_REQUEST_ID": SENT}, trusted=False)


def test_a_proxys_id_goes_on() -> None:
    """So that the lines of proxy and server are found by one id."""
    assert request_ids.choose({"HTTP_X_REQUEST_ID": SENT}, trusted=True) == SENT


@pytest.mark.parametrize("sent", ["short", "a" * 65, "anna@shop.example", "two words", f"{SENT},{SENT}", "x\n" * 8, ""])
def test_what_is_no_id_is_replaced(sent: str) -> None:
    """Neither long, nor an address, nor two at once, nor a line of its own."""
    assert re.fullmatch("[0-9a-f]{16}", request_ids.choose({"HTTP_X_REQUEST_ID": sent}, trusted=True))


def test_one_that_was_chosen_stays() -> None:
    """The server's loop chooses, and the application keeps it."""
    assert request_ids.choose({request_ids.KEY: "0123456789abcdef"}, trusted=True) == "0123456789abcdef"


def test_an_id_ends_with_what_it_is_about() -> None:
    """Lines before and after are of no request."""
    with request_ids.about("one"):
        with request_ids.about("two"):
            assert request_ids.current() == "two"
        assert request_ids.current() == "one"
    assert request_ids.current() == ""
