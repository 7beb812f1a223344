"""Browsers on a shop's pages, as the snippet in them speaks: they keep a token, and cookies on the same site."""

import json
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.pages import BROWSER

ORIGIN = "https://shop.example"


class ShopBrowser:
    """One browser on the shop's pages; `site` is how near the quiz is, as Sec-Fetch-Site says."""

    def __init__(self, app: Flask, *, site: str = "same-site", consent: str = "yes", address: str = "10.0.0.1") -> None:
        """Open the browser; it has seen nothing."""
        self.client = app.test_client(use_cookies=site != "cross-site")
        self.headers = {"Origin": ORIGIN, "Sec-Fetch-Site": site, "User-Agent": BROWSER, "Content-Type": "text/plain"}
        self.consent, self.address = consent, address
        self.token, self.key, self.seen = "", "", 0

    def send(self, path: str, message: Any, **headers: str) -> TestResponse:
        """Send a message, or a body as it stands."""
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        at = {"REMOTE_ADDR": self.address}
        return self.client.post(path, data=body, headers=self.headers | headers, environ_overrides=at)

    def look(self, path: str = "/coffee", *, headers: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
        """View a page; keep what is answered, and return it."""
        message = {"path": path, "token": self.token, "consent": self.consent, "store": True, "place": True} | changes
        response = self.send("/s", message, **(headers or {}))
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.get_json()
        self.token = answer["token"] or self.token
        self.key = answer.get("key") or self.key
        return answer
