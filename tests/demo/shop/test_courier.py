"""Laws of the demo shop's courier: signed by the standard, sent until taken, one at a time, and given up at last."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from standardwebhooks import Webhook

from quizfunnel.demo.shop.courier import PAUSES, TIMEOUT_SECONDS, Courier
from quizfunnel.kit.clock import SetClock
from tests.cast import STANDARD_SECRET
from tests.demo.shop.shops import Customer, Hook, open_shop


def order(shopper: Customer) -> Courier:
    """Make an order, and return the shop's courier."""
    shopper.add()
    assert shopper.post("/shop/checkout", {"order": shopper.order()}).status_code == 303
    courier = shopper.client.application.extensions["shop"].courier
    assert isinstance(courier, Courier)
    return courier


def test_a_message_is_signed_by_the_standard(tmp_path: Path, clock: SetClock) -> None:
    """Its own library takes it, each try signed anew: a signature is good for five minutes."""
    hook = Hook(500)
    courier = order(open_shop(tmp_path, hook, clock))
    clock.advance(PAUSES[0].total_seconds())
    courier.send_due()
    assert hook.bodies[0] == hook.bodies[1]
    assert hook.headers[0]["webhook-id"] == hook.headers[1]["webhook-id"]
    times = [int(headers["webhook-timestamp"]) for headers in hook.headers]
    assert times == [int(clock.now().timestamp()) - 5, int(clock.now().timestamp())]
    for body, headers in zip(hook.bodies, hook.headers, strict=True):
        id, at = headers["webhook-id"], clock.now().fromtimestamp(int(headers["webhook-timestamp"]))
        signature = Webhook(STANDARD_SECRET).sign(id, at, body.decode())
        assert headers["webhook-signature"] == signature


def test_what_was_not_taken_is_sent_again_after_longer_and_longer(tmp_path: Path, clock: SetClock) -> None:
    """Whatever the answer was, until it is taken or the last pause is over; not before its time, and never after."""
    answers: list[int | OSError] = [401, 503, ConnectionRefusedError("refused"), 302]
    hook = Hook(*answers * 3)
    courier = order(open_shop(tmp_path, hook, clock))
    for tries, pause in enumerate(PAUSES, start=1):
        assert courier.send_due() == min(pause.total_seconds(), 60)
        assert len(hook.bodies) == tries
        clock.advance(pause.total_seconds())
        courier.send_due()
    assert len(hook.bodies) == len(PAUSES) + 1
    clock.advance(10**6)
    courier.send_due()
    assert len(hook.bodies) == len(PAUSES) + 1


def test_what_was_taken_is_not_sent_again(tmp_path: Path, clock: SetClock) -> None:
    """A success is the end of it."""
    hook = Hook(503)
    courier = order(open_shop(tmp_path, hook, clock))
    for _ in range(3):
        clock.advance(5)
        courier.send_due()
    assert len(hook.bodies) == 2


def test_two_who_look_at_once_send_it_once(tmp_path: Path, clock: SetClock) -> None:
    """A message is taken before it is sent: while one is under way nobody else sends it."""
    hook = Hook(503)
    shopper = open_shop(tmp_path, hook, clock)
    courier = order(shopper)
    books = shopper.client.application.extensions["shop"].books
    clock.advance(5)
    (due,) = books.due(clock.now())
    assert books.claim(due, now=clock.now(), again=clock.now() + PAUSES[0]) is not None
    courier.send(due)
    courier.send_due()
    assert len(hook.bodies) == 1


def test_a_slow_answer_is_waited_for(tmp_path: Path, clock: SetClock) -> None:
    """However near to the time that a try may take: whoever looks meanwhile does not send it once more."""

    class Slow(Hook):
        def __call__(self, body: bytes, headers: Mapping[str, str]) -> int:
            answer = super().__call__(body, headers)
            clock.advance(2 * TIMEOUT_SECONDS)
            if len(self.bodies) == 1:
                shopper.client.application.extensions["shop"].courier.send_due()
            return answer

    hook, begun = Slow(), clock.now()
    shopper = open_shop(tmp_path, hook, clock)
    order(shopper).send_due()
    assert len(hook.bodies) == 1
    assert clock.now() == begun + timedelta(seconds=2 * TIMEOUT_SECONDS)


def test_orders_wait_in_the_books_for_the_next_start(tmp_path: Path, clock: SetClock) -> None:
    """A shop that ended before its message had arrived sends it once it is there again."""
    order(open_shop(tmp_path, Hook(ConnectionRefusedError("refused")), clock))
    clock.advance(3600)
    hook = Hook()
    again = open_shop(tmp_path, hook, clock)
    again.client.application.extensions["shop"].courier.send_due()
    assert len(hook.bodies) == 1
