"""Laws of weight: what the first question costs on a slow link, as it is sent to a browser that takes brotli."""

import re

from flask import Flask
from flask.testing import FlaskClient

from tests.pages import ORIGIN

TAKES = {**ORIGIN, "Accept-Encoding": "gzip, br"}
FILES = re.compile(r'(?:<link rel="(?:stylesheet|icon)" href|<script defer src)="([^"]+)"')


def weight(client: FlaskClient, address: str) -> int:
    """Return the bytes of an answer's content as it is sent."""
    with client.get(address, headers=TAKES) as response:
        assert response.status_code == 200
        return len(response.data)


def test_the_first_question_is_light(app: Flask) -> None:
    """All of it within 20 KB, what its first paint waits for within 3 KB, and the next one's part within 700 bytes."""
    client = app.test_client()
    client.get("/q/coffee", headers=ORIGIN)
    where = str(client.post("/q/coffee/start", headers=ORIGIN).location)
    page = client.get(where, headers=ORIGIN).text
    head, _, body = page.partition("</head>")
    before = [where, *(file for file in FILES.findall(head) if ".css" in file)]
    assert len(before) > 1
    assert sum(weight(client, file) for file in before) <= 3_000
    after = [file for file in FILES.findall(head + body) if file not in before]
    assert len(after) > 1
    assert sum(weight(client, file) for file in [*before, *after]) <= 20_000
    form = {"view": re.findall(r'name="view" value="([^"]+)"', page)[0], "answer": "espresso"}
    part = client.post(where, data=form, headers={**TAKES, "HX-Request": "true"})
    assert part.status_code == 200
    assert len(part.data) <= 700
