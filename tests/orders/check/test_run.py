"""Laws of the connection check: what it says of a source is what came, and it ends as a script needs it."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, insert

from quizfunnel.kit.signing import Signer
from quizfunnel.orders import inbox
from quizfunnel.orders.check import output, run
from quizfunnel.orders.check.status import Checked, ConnectionState, SourceStatus
from quizfunnel.orders.inbox import Delivery
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources.shopify import ShopifySource
from quizfunnel.orders.sources.source import OrderSource, RefusalReason
from quizfunnel.orders.sources.woocommerce import WooCommerceSource
from quizfunnel.orders.tables import Order
from quizfunnel.settings import Settings, SourceSettings
from quizfunnel.store.transaction import reading, writing
from quizfunnel.visit.identity import cart_token
from quizfunnel.visit.tables import Assignment, Visitor
from tests.cast import NOON
from tests.orders.bodies import shopify_order
from tests.orders.ledger_rows import order
from tests.orders.signing import by_base64

OLD, NEW = "an old secret of the shop", "the new secret of the shop"
ANNA = "a" * 32
Look = Callable[..., Checked]


@pytest.fixture
def look(engine: Engine, signer: Signer) -> Look:
    """Give a look at the sources whose secrets it is told."""

    def look(now: datetime = NOON, **secrets: str) -> Checked:
        sources = {name: SourceSettings(secret=SecretStr(secret)) for name, secret in secrets.items()}
        with reading(engine) as connection:
            return run.check(connection, Settings(sources=sources), signer, now=now)

    return look


@pytest.fixture
def send(engine: Engine, signer: Signer) -> Callable[..., None]:
    """Give a way to send a body, signed, a quarter of an hour before noon."""
    keys = AttributionKeys(signer, lambda *_: None)

    def send(source: OrderSource, secret: str, header: str, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        sent = Delivery(source, raw, by_base64(header, secret, raw), NOON - timedelta(minutes=15))
        assert inbox.receive(engine, sent, keys=keys).status == 200

    return send


def only(checked: Checked) -> SourceStatus:
    """Return the status of the one source that is looked at."""
    (status,) = checked.sources
    return status


def test_a_store_without_a_secret_is_told_which_to_set(look: Look) -> None:
    """Every setting with the page that says how, and an exit code of its own."""
    checked = look()
    text = output.as_text(checked)
    assert checked.exit_code == 2
    assert "QUIZFUNNEL_SHOPIFY_SECRET (docs/shopify.md)" in text
    assert "QUIZFUNNEL_STANDARD_SECRET (docs/any-shop.md)" in text


def test_a_secret_and_nothing_yet_says_what_to_click(look: Look) -> None:
    """The admin's own words, for every platform."""
    checked = look(shopify=NEW, stripe=NEW)
    assert [each.state for each in checked.sources] == [ConnectionState.WAITING, ConnectionState.WAITING]
    assert checked.exit_code == 1
    text = output.as_text(checked)
    assert "Settings, Notifications, Webhooks" in text
    assert "Send test event" in text


def test_a_test_notification_connects(look: Look, send: Callable[..., None]) -> None:
    """Shopify's is an order of long ago; sent a second time, word for word, it counts as arrived again."""
    sample = shopify_order(test=True, created_at="2021-12-31T19:00:00-05:00", updated_at="2021-12-31T19:00:00-05:00")
    for _ in range(2):
        send(ShopifySource(NEW), NEW, "X-Shopify-Hmac-Sha256", sample)
    status = only(look(shopify=NEW))
    assert (status.state, status.to_do) == (ConnectionState.CONNECTED, ())
    assert look(shopify=NEW).exit_code == 0
    assert output.as_json(look(shopify=NEW))["sources"][0]["signed_with"] == {"only": 2}


def test_a_first_ping_of_woocommerce_is_a_greeting(engine: Engine, look: Look) -> None:
    """It is unsigned, so that it connects nothing and says that the address is right."""
    body = b"webhook_id=7"
    inbox.count_greeting(engine, Delivery(WooCommerceSource(NEW), body, {}, NOON))
    status = only(look(woocommerce=NEW))
    assert status.state is ConnectionState.GREETED
    assert "place a test order" in status.to_do[0]


@pytest.mark.parametrize(
    ("signed", "says"),
    [(OLD, "still signs with the old secret"), (NEW, "leave the old one out of QUIZFUNNEL_SHOPIFY_SECRET")],
)
def test_it_says_which_secret_is_in_use(look: Look, send: Callable[..., None], signed: str, says: str) -> None:
    """While one is changed, new,old: whoever changes it sees when the old one can go."""
    setting = f"{NEW},{OLD}"
    send(ShopifySource(setting), signed, "X-Shopify-Hmac-Sha256", shopify_order())
    status = only(look(shopify=setting))
    assert [use.secret for use in status.secrets] == ["old" if signed == OLD else "new"]
    assert says in "".join(status.notes)
    assert only(look(shopify="another secret of it")).secrets[0].secret == "gone"


def test_a_refusal_is_told_until_something_is_taken(engine: Engine, look: Look, send: Callable[..., None]) -> None:
    """By its reason, with the setting; what was taken on a later day says that it is mended."""
    inbox.count_refusal(engine, "shopify", RefusalReason.SIGNATURE, now=NOON - timedelta(days=1))
    checked = look(shopify=NEW)
    assert any("write the secret that the store signs with" in line for line in only(checked).to_do)
    send(ShopifySource(NEW), NEW, "X-Shopify-Hmac-Sha256", shopify_order())
    assert look(shopify=NEW).exit_code == 0


def test_a_refusal_of_a_day_on_which_others_were_taken_may_be_mended(
    engine: Engine, look: Look, send: Callable[..., None]
) -> None:
    """It is counted by the day: whoever has just mended the secret is told that nothing is left to do."""
    inbox.count_refusal(engine, "shopify", RefusalReason.SIGNATURE, now=NOON)
    (before,) = only(look(shopify=NEW)).to_do[1:]
    send(ShopifySource(NEW), NEW, "X-Shopify-Hmac-Sha256", shopify_order())
    (after,) = only(look(shopify=NEW)).to_do
    assert after.startswith(before)
    assert "if it is mended since, nothing is left to do" in after
    assert "nothing is left to do" not in before


def test_a_store_that_sends_without_a_secret_here_is_told(engine: Engine, look: Look) -> None:
    """Beside one that is set up it stands with what to set."""
    inbox.count_refusal(engine, "woocommerce", RefusalReason.NO_SECRET, now=NOON)
    woo = look(shopify=NEW).sources[1]
    assert (woo.kind.name, woo.state) == ("woocommerce", ConnectionState.NO_SECRET)
    assert "QUIZFUNNEL_WOOCOMMERCE_SECRET" in woo.to_do[0]


def assign(engine: Engine, arms: str) -> None:
    """Keep visitors, and a paid order of each with its token: of the holdout for h, else of the invited."""
    with writing(engine) as connection:
        for number, letter in enumerate(arms):
            visitor = f"{number:032x}"
            arm = {"arm": "holdout" if letter == "h" else "invited", "holdout_share": 0.5, "window_days": 7}
            connection.execute(insert(Visitor), {"id": visitor, "first_seen": NOON, "kind": "shopper"})
            drawn = {"visitor_id": visitor, "experiment": "spring", "t0": NOON}
            for quiz in ("*", "coffee"):
                connection.execute(insert(Assignment), drawn | arm | {"quiz": quiz})
            row = order(number, NOON - timedelta(hours=1), visitor_id=visitor)
            connection.execute(insert(Order), row)


def test_orders_are_counted_by_token_and_arm(
    engine: Engine, look: Look, send: Callable[..., None], signer: Signer
) -> None:
    """An arm of the store once; a token that is not ours is none."""
    assign(engine, "hi")
    token = {"name": "qf_visitor", "value": cart_token(signer, ANNA)[:-1] + "_"}
    send(ShopifySource(NEW), NEW, "X-Shopify-Hmac-Sha256", shopify_order(id=99, note_attributes=[token]))
    facts = output.as_json(look(shopify=NEW))["sources"][0]
    assert (facts["orders"], facts["with_token"], facts["share_with_token"]) == (3, 2, 2 / 3)
    assert [(arm["quiz"], arm["arm"], arm["orders"]) for arm in facts["arms"]] == [
        ("", "holdout", 1),
        ("", "invited", 1),
    ]
    assert "3 orders were placed; 2 (67%) with the visitor's token" in output.as_text(look(shopify=NEW))


@pytest.mark.parametrize(("arms", "is_told"), [("i" * 7, True), ("i" * 6, False), ("i" * 7 + "h", False)])
def test_a_token_of_one_arm_alone_is_told(
    engine: Engine, look: Look, send: Callable[..., None], arms: str, *, is_told: bool
) -> None:
    """Seven of seven in one arm of halves is less than one in a hundred: the token travels by the quiz."""
    send(ShopifySource(NEW), NEW, "X-Shopify-Hmac-Sha256", shopify_order(id=99))
    assign(engine, arms)
    assert any("in both arms alike" in line for line in only(look(shopify=NEW)).to_do) is is_told


def test_five_orders_without_a_token_are_told(look: Look, send: Callable[..., None]) -> None:
    """Four may be chance and are a note."""
    for number in range(4):
        send(ShopifySource(NEW), NEW, "X-Shopify-Hmac-Sha256", shopify_order(id=number))
    assert only(look(shopify=NEW)).to_do == ()
    assert "No order of 4" in only(look(shopify=NEW)).notes[0]
    send(ShopifySource(NEW), NEW, "X-Shopify-Hmac-Sha256", shopify_order(id=5))
    assert "None of 5 orders" in only(look(shopify=NEW)).to_do[0]


def test_silence_of_a_connected_source_is_a_note(look: Look, send: Callable[..., None]) -> None:
    """A quiet day is no fault; the moment of the last delivery is told."""
    send(ShopifySource(NEW), NEW, "X-Shopify-Hmac-Sha256", shopify_order())
    checked = look(now=NOON + timedelta(days=9), shopify=NEW)
    assert checked.exit_code == 0
    assert "the last delivery is of 2026-03-02 11:45 UTC" in only(checked).notes[0]


def test_simulated_deliveries_connect_nothing(engine: Engine, look: Look, signer: Signer) -> None:
    """The demo's orders are of no store."""
    raw = json.dumps(shopify_order()).encode()
    headers = by_base64("X-Shopify-Hmac-Sha256", NEW, raw)
    sent = Delivery(ShopifySource(NEW), raw, headers, NOON, simulated=True)
    inbox.receive(engine, sent, keys=AttributionKeys(signer, lambda *_: None))
    assert only(look(shopify=NEW)).state is ConnectionState.WAITING
