"""Arms on a shop's pages: hundreds of browsers on a fake shop, near and on another site, every second of which buys.

Each is a Chromium context of its own: it sees a page that invites, its cart gets the token by the snippet, and its
order comes back as Shopify's signed web hook with what the cart has. Held against targets: the share held out, tokens
in carts and orders by arm, requests a view, what moved on the page, and scripts that failed.
"""

import argparse
import logging
import math
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from sqlalchemy import select

from quizfunnel.orders.tables import Order
from quizfunnel.store.engine import open_engine
from quizfunnel.store.types import columns
from quizfunnel.visit.identity import read_cart_token
from tests.journeys.conftest import CHROMIUM, QUIET
from tests.journeys.shopfront import AGREED, CROSS, SAME, Shopfront, opened
from tests.shop.checkout import paid
from tests.shop.rows import arms, read
from tests.tables import make_tables

HELD_OUT = 0.5
LIMIT = 4.0  # standard deviations: one of 16,000 runs lies beyond


def options(parser: argparse.ArgumentParser) -> None:
    """Add how many browsers come."""
    parser.add_argument("--browsers", type=int, default=400, help="how many browsers see the shop (400)")


def run(*, browsers: int = 400) -> dict[str, object]:
    """Measure and return every figure; raise RuntimeError where a browser was not drawn at all."""
    logging.getLogger("werkzeug").disabled = True
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        found = {"executable_path": CHROMIUM} if Path(CHROMIUM).exists() else {}
        browser = playwright.chromium.launch(args=QUIET.split(), **found)  # type: ignore[arg-type]
        url = f"sqlite:///{folder}/shop.sqlite3"
        engine = open_engine(url, pooled=False)
        make_tables(engine)
        engine.dispose()
        with opened(url, Path(folder) / "store", browser) as front:
            return _figures(front, [_visit(front, number) for number in range(browsers)])


def table(figures: dict[str, object]) -> str:
    """Return each figure beside its target."""
    rows: Any = figures["rows"]
    return "\n".join(
        f"{name:44}{value:>16}   {'ok' if good else 'MISSED'}: {target}" for name, value, target, good in rows
    )


def _visit(front: Shopfront, number: int) -> dict[str, Any]:
    """Let one browser come, and every second one buy with the token that its cart has."""
    tab = front.at((SAME, CROSS)[number % 2], head=AGREED).open()
    token = tab.carries(lambda text: text)
    shifted, requests = tab.page.evaluate("window.shifted || 0"), len(tab.posts("/s"))
    visitor = read_cart_token(front.app.extensions["quizfunnel"].signer, token)
    buys = number % 4 < 2
    if buys:
        app = front.app
        hook = paid("shopify", number, token, at=app.extensions["quizfunnel"].clock.now())
        app.test_client().post(hook.path, data=hook.body, headers=hook.headers)
    return {
        "visitor": visitor,
        "invited": tab.invited,
        "shifted": shifted,
        "requests": requests,
        "buys": buys,
        "broken": front.close(),
    }


def _figures(front: Shopfront, visits: list[dict[str, Any]]) -> dict[str, object]:
    drawn = arms(front.app)
    if len({visit["visitor"] for visit in visits} & set(drawn)) != len(visits):
        raise RuntimeError("a browser was in no arm")
    of_arm = Counter(drawn[visit["visitor"]] for visit in visits)
    bought = Counter(drawn[visit["visitor"]] for visit in visits if visit["buys"])
    attributed = Counter(drawn[row[0]] for row in read(front.app, select(columns(Order).visitor_id)) if row[0])
    share, spread = of_arm["holdout"] / len(visits), math.sqrt(HELD_OUT * (1 - HELD_OUT) / len(visits))
    wrong = sum(visit["invited"] != (drawn[visit["visitor"]] == "invited") for visit in visits)
    rows: list[tuple[str, str, str, bool]] = [
        ("held out", f"{share:.1%}", f"{HELD_OUT:.0%} within {LIMIT:g} sd", abs(share - HELD_OUT) <= LIMIT * spread),
        ("shown another thing than drawn", str(wrong), "0", wrong == 0),
    ]
    for arm in ("invited", "holdout"):
        part = f"{attributed[arm]} of {bought[arm]}"
        rows.append((f"orders with their visitor, {arm}", part, "all", attributed[arm] == bought[arm]))
    requests, moved = {visit["requests"] for visit in visits}, max(visit["shifted"] for visit in visits)
    failed = sum(bool(visit["broken"]) for visit in visits)
    rows += [
        ("requests a view", ", ".join(map(str, sorted(requests))), "1", requests == {1}),
        ("largest shift of the page", f"{moved:g}", "0", moved == 0),
        ("browsers with a script that failed", str(failed), "0", failed == 0),
    ]
    return {"browsers": len(visits), "arms": dict(of_arm), "rows": rows}
