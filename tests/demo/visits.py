"""Visits of the demo's shop without a browser: what its pages show, told to the quiz server as the snippet does."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from quizfunnel.demo.shop.app import create_shop
from tests.demo.shop.shops import Customer, config_of
from tests.pages import BROWSER
from tests.stores import SHOP


def shop_of(quizzes: Flask, folder: Path) -> Flask:
    """Return the demo's shop, whose messages go to the application of the quizzes."""

    def post(body: bytes, headers: Mapping[str, str]) -> int:
        return quizzes.test_client().post("/hooks/standard", data=body, headers=dict(headers)).status_code

    clock = quizzes.extensions["quizfunnel"].clock
    return create_shop(config_of(folder), clock=clock, post=post)


class Passer:
    """Somebody with one browser, in the shop and at the quizzes."""

    def __init__(self, quizzes: Flask, shop: Flask, headers: Mapping[str, str] | None = None) -> None:
        """Come with these headers on every request."""
        self.quiz = quizzes.test_client()
        self.shop = Customer(shop, headers)
        self.headers = {"User-Agent": BROWSER, "Origin": SHOP, "Sec-Fetch-Site": "same-site", **(headers or {})}
        self.token = ""

    def look(self, path: str) -> Mapping[str, Any] | None:
        """Open a page of the shop; return its invitation. The token goes into the cart, as the shop's own code does."""
        self.shop.get(path)
        told = {"path": path, "token": self.token, "consent": "yes", "store": True}
        answer = self.quiz.post("/s", data=json.dumps(told), content_type="text/plain", headers=self.headers)
        assert answer.status_code == 200, answer.text
        shown = answer.get_json()
        if shown["token"]:
            self.token = shown["token"]
            self.shop.post("/cart/update.js", json={"attributes": {"qf_visitor": self.token}})
        invitation: Mapping[str, Any] | None = shown["invite"]
        return invitation

    def invited_to(self, path: str) -> set[str]:
        """Return the quizzes that a page invites to."""
        invitation = self.look(path)
        return set(re.findall("/q/([a-z-]+)", str(invitation["url"]))) if invitation else set()
