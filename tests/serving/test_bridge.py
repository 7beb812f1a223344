"""The bridge without a server: what takes a thread, what is refused, and in whose words."""

import asyncio
import io
import json
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask

from quizfunnel.i18n.words import bring, words_in
from quizfunnel.serving.bridge import Bridge
from quizfunnel.serving.limits import BodyLimit, LaneName, Limits, QueueLimit, lane
from quizfunnel.serving.worker import worker_limits
from quizfunnel.telemetry import counters
from tests.serving.scopes import Headers, Scope

LONG = 60.0
Begin: TypeAlias = Callable[["Exchange"], "asyncio.Task[Exchange]"]


class Exchange:
    """One request and its response, as the server would carry them."""

    def __init__(
        self,
        path: str = "/",
        *,
        body: bytes | None = b"",
        size: int = 0,
        method: str = "GET",
        form: bool = False,
        query: str = "",
        language: str = "",
    ) -> None:
        """Ask for `path`; a body of None never arrives."""
        self.body, self.status, self.headers, self.said = body, 0, {"": ""}, b""
        size = size or len(body or b"")
        lines = (("host", "127.0.0.1"), ("content-length", str(size)), ("sec-fetch-site", "same-origin"))
        kind = (("content-type", "application/x-www-form-urlencoded"),) if form else ()
        asked = (("accept-language", language),) if language else ()
        headers = (*(lines if size else (*lines[:1], *lines[2:])), *kind, *asked)
        self.scope = Scope(path, Headers(headers), method=method, query_string=query)

    async def __call__(self) -> bytes:
        """Return the body."""
        if self.body is None:
            await asyncio.Event().wait()
        return self.body or b""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Keep the response."""
        assert not self.status
        assert [name.lower() for name, _ in headers].count("x-request-id") <= 1
        self.status, self.headers, self.said = status, {name.lower(): value for name, value in headers}, body

    def response_file(self, status: int, headers: list[tuple[str, str]], file: str) -> None:
        """Keep the response, and the file's path as its body."""
        self.response_bytes(status, headers, file.encode())


class Gate:
    """A WSGI application that answers nobody until it is opened, and counts who came in."""

    def __init__(self) -> None:
        """Begin closed."""
        self.opened, self.entered = threading.Event(), 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Wait, but for what is refused already and for files."""
        start_response(f"{environ.get('quizfunnel.refused', 200)} x", [])
        if environ["PATH_INFO"] == "/" and "quizfunnel.refused" not in environ:
            self.entered += 1
            assert self.opened.wait(LONG)
        return [b"read ", environ["wsgi.input"].read()]


def limits(*, seconds: float = LONG, wait: float = LONG, length: int = 8, bodies: int = 10**6) -> Limits:
    """Return limits that no test meets but for those that it names."""
    queues: dict[LaneName, QueueLimit] = dict.fromkeys(
        ("pages", "staff", "files", "health"), QueueLimit(length, wait, wait)
    )
    forms, hooks = BodyLimit(100, seconds), BodyLimit(1_000, seconds)
    return Limits(forms=forms, hooks=hooks, queues=queues, bodies=bodies)


@asynccontextmanager
async def bridged(
    wsgi: WSGIApplication, bounds: Limits
) -> AsyncIterator[Callable[[Exchange], "asyncio.Task[Exchange]"]]:
    """Give what begins an exchange with `wsgi` behind a bridge."""
    bridge = Bridge(wsgi, bounds)
    bridge.__rsgi_init__(asyncio.get_running_loop())

    async def serve(one: Exchange) -> Exchange:
        await bridge.__rsgi__(one.scope, one)
        return one

    yield lambda one: asyncio.ensure_future(serve(one))
    bridge.__rsgi_del__(asyncio.get_running_loop())


def test_only_a_whole_request_enters() -> None:
    """Bodies that never come keep nobody out and end with 408; the application never saw them."""
    gate = Gate()
    gate.opened.set()

    async def play() -> None:
        async with bridged(gate, limits(seconds=0.5)) as begin:
            slow = [begin(Exchange(body=None, size=10, method="POST")) for _ in range(64)]
            assert (await begin(Exchange(body=b"whole", method="POST"))).said == b"read whole"
            assert not any(each.done() for each in slow)
            late = await asyncio.gather(*slow)
            assert {(each.status, each.headers.get("connection")) for each in late} == {(408, "close")}

    asyncio.run(play())
    assert gate.entered == 1


@pytest.mark.parametrize(("path", "size"), [("/", 100), ("/hooks/x", 1_000)])
def test_a_body_has_a_size(path: str, size: int) -> None:
    """A form and a hook each have their own, and one byte more is 413 before it is awaited."""

    async def play() -> None:
        gate = Gate()
        gate.opened.set()
        async with bridged(gate, limits()) as begin:
            assert (await begin(Exchange(path, body=bytes(size)))).status == 200
            assert (await begin(Exchange(path, body=None, size=size + 1))).status == 413

    asyncio.run(play())


def test_a_hook_has_more_time_than_a_form() -> None:
    """Each route's body has the seconds that are said for it, and no more."""
    bounds = replace(limits(), forms=BodyLimit(100, 0.1), hooks=BodyLimit(100, LONG))

    async def play() -> None:
        async with bridged(Gate(), bounds) as begin:
            hook = begin(Exchange("/hooks/standard", body=None, size=10, method="POST"))
            assert (await begin(Exchange("/t/x", body=None, size=10, method="POST"))).status == 408
            assert not hook.done()
            hook.cancel()

    asyncio.run(play())
    standing = worker_limits()
    assert (standing.body("/hooks/shopify").seconds, standing.body("/a/x/y").seconds) == (15, 5)


def test_bodies_together_have_a_size() -> None:
    """What all bodies under way may hold together is bounded, until they are read; then there is room again."""

    async def play() -> None:
        gate = Gate()
        async with bridged(gate, limits(bodies=150)) as begin:
            first = begin(Exchange(body=bytes(100)))
            assert (await begin(Exchange(body=bytes(100)))).status == 503
            gate.opened.set()
            assert (await first).status == 200
            assert (await begin(Exchange(body=bytes(100)))).status == 200

    asyncio.run(play())


def test_a_full_queue_is_told_at_once() -> None:
    """As many as a lane takes wait, the next one is refused, and each of those that wait is answered."""

    async def play() -> None:
        gate = Gate()
        async with bridged(gate, limits(length=3)) as begin:
            waiting = [begin(Exchange()) for _ in range(3)]
            assert (await begin(Exchange())).status == 503
            gate.opened.set()
            assert {each.status for each in await asyncio.gather(*waiting)} == {200}

    asyncio.run(play())


def test_who_waits_too_long_is_told_while_the_thread_is_still_held() -> None:
    """The wait counts from arrival: those behind one that does not end are refused, and never run later."""

    async def play() -> None:
        gate = Gate()
        async with bridged(gate, limits(wait=0.2)) as begin:
            first = begin(Exchange())
            behind = await asyncio.gather(*(begin(Exchange()) for _ in range(5)))
            assert {each.status for each in behind} == {503}
            assert not first.done()
            gate.opened.set()
            assert (await first).status == 200
            assert (await begin(Exchange())).status == 200
        assert gate.entered == 2

    asyncio.run(play())


def test_each_lane_has_a_thread_of_its_own() -> None:
    """While the pages' thread is held, files, health and the staff's pages are answered."""

    async def play() -> None:
        gate = Gate()
        async with bridged(gate, limits()) as begin:
            held = begin(Exchange())
            for path in ("/static/a.css", "/healthz", "/readyz", "/insight/coffee"):
                assert (await begin(Exchange(path))).status == 200
            assert not held.done()
            gate.opened.set()
            await held

    asyncio.run(play())
    assert lane("/static") == lane("/healthz/x") == lane("/q/coffee") == "pages"


def test_a_body_that_is_too_large_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """By its size, what is taken and where it was sent, without what may open an attempt; once for many."""

    async def play() -> None:
        async with bridged(Gate(), limits()) as begin:
            for _ in range(3):
                assert (await begin(Exchange("/a/secret/brew", body=None, size=123_456))).status == 413

    asyncio.run(play())
    assert [record.getMessage() for record in caplog.records] == [
        f"refused: a body of 123,456 bytes for /a, where {limits().body('/a').size:,} are taken"
    ]


def test_a_refusal_has_the_applications_own_words(app: Flask) -> None:
    """A page to a person, JSON to a hook, each with the headers that every response has, and when to come again."""

    async def play() -> None:
        async with bridged(app, limits(length=1, bodies=50)) as begin:
            page = await begin(Exchange("/q/coffee", body=bytes(60)))
            hook = await begin(Exchange("/hooks/standard", body=None, size=2_000, method="POST"))
        assert (page.status, page.headers["retry-after"], hook.status) == (503, "5", 413)
        assert b"<h1>We can&#39;t save just now</h1>" in page.said
        assert json.loads(hook.said)["message"].startswith(
            "A form may have up to 64 KiB, and a delivery to a hook 1 MiB"
        )
        assert all("content-security-policy" in each.headers for each in (page, hook))

    asyncio.run(play())


def test_a_rush_is_refused_in_the_applications_words_all_the_same(app: Flask) -> None:
    """However many are refused at once: each is told in its own form when to come again, with every header."""
    asked = [("/q/coffee", "GET", b"<h1>"), ("/hooks/standard", "POST", b'{"error":')]

    async def play() -> None:
        async with bridged(app, limits(length=0)) as begin:
            for path, method, words in asked:
                told = await asyncio.gather(*(begin(Exchange(path, body=b"x", method=method)) for _ in range(100)))
                assert {(each.status, each.headers["retry-after"]) for each in told} == {(503, "5")}
                assert all(words in each.said and "content-security-policy" in each.headers for each in told)
                assert len({each.headers["x-request-id"] for each in told}) == len(told)

    asyncio.run(play())


def test_a_rush_is_refused_in_the_readers_language(app: Flask) -> None:
    """Where a quiz of the store is in it, so that its words were at hand; else in English."""
    bring()
    words_in("de")

    async def play() -> None:
        async with bridged(app, limits(length=0)) as begin:
            asked = ("de-AT, en;q=0.5", "pl, en", "")
            told = [await begin(Exchange("/q/coffee", body=b"x", language=language)) for language in asked]
        assert [re.search(rb'<html lang="(..)"', each.said)[1] for each in told] == [b"de", b"en", b"en"]  # type: ignore[index]

    asyncio.run(play())


def test_words_that_are_prepared_are_no_requests(app: Flask) -> None:
    """Before anybody came nothing is counted."""
    before = counters.sums()
    Bridge(app, limits())
    assert counters.sums() == before


def test_in_a_rush_a_shoppers_form_is_kept(app: Flask) -> None:
    """Without scripts: the page holds what was sent, as text, to be sent again, at its address with the token."""
    body = b"answer=espresso&answer=%22%3E%3Cb%3E&view=a.b"
    token = Exchange("/a/x/brew", body=body, method="POST", form=True, query="t=a.b&x=%22")

    async def play() -> None:
        async with bridged(app, limits(length=0)) as begin:
            plain = await begin(Exchange("/a/x/brew", body=body, method="POST", form=True))
            carried = await begin(token)
            others = [
                await begin(Exchange("/insight/sign-in", body=b"password=x", method="POST", form=True)),
                await begin(Exchange("//evil.example/a/", body=body, method="POST", form=True)),
                await begin(Exchange("/a/x/brew", body=b"x", method="POST")),
                await begin(Exchange("/q/coffee")),
            ]
        for each, address in ((plain, "/a/x/brew"), (carried, "/a/x/brew?t=a.b&amp;x=%22")):
            page = each.said.decode()
            assert f'<form method="post" action="{address}">' in page
            fields = re.findall('<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
            assert fields == [("answer", "espresso"), ("answer", "&quot;&gt;&lt;b&gt;"), ("view", "a.b")]
            assert (each.status, each.headers["retry-after"], "zz-mark" in page) == (503, "5", False)
            assert each.headers["content-length"] == str(len(each.said))
        assert carried.headers["referrer-policy"] == "no-referrer"
        assert not any(b"Send again" in each.said or b"zz-mark" in each.said for each in others)

    asyncio.run(play())


def test_a_large_file_is_named_and_not_held(app: Flask, store: Path) -> None:
    """The server sends it from the disk; a small one, a part of one and the head of one are as the application says."""
    (store / "static").mkdir()
    (store / "static" / "large.bin").write_bytes(bytes(300_000))
    (store / "static" / "small.bin").write_bytes(b"small")

    async def play() -> None:
        async with bridged(app, limits()) as begin:
            large = await begin(Exchange("/static/large.bin"))
            assert (large.said, large.headers["content-length"]) == (
                str(store / "static" / "large.bin").encode(),
                "300000",
            )
            assert (await begin(Exchange("/static/small.bin"))).said == b"small"
            head = await begin(Exchange("/static/large.bin", method="HEAD"))
            assert (head.said, head.headers["content-length"]) == (b"", "300000")

    asyncio.run(play())


def test_what_an_application_raises_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged in one line, once for the same fault and without what it says, and the next request is served.

    The response has the id by which the line is found.
    """
    ids: list[str] = []

    def broken(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if "quizfunnel.refused" not in environ:
            raise ValueError(environ["PATH_INFO"])
        start("503 x", [])
        return []

    async def play() -> None:
        async with bridged(broken, limits()) as begin:
            for _ in range(2):
                exchange = await begin(Exchange("/r/a-token"))
                assert (exchange.status, exchange.headers["server"]) == (500, "")
                ids.append(exchange.headers["x-request-id"])

    asyncio.run(play())
    assert len(set(ids)) == 2
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("unexpected ValueError at /r: serving/bridge.py:")
    assert "a-token" not in line


def test_a_response_is_closed() -> None:
    """PEP 3333: close() is called on what the application returned, whatever became of it."""
    closed: list[bool] = []

    class Result(io.BytesIO):
        def close(self) -> None:
            closed.append(True)

    def application(_environ: WSGIEnvironment, start: Any) -> Iterable[bytes]:
        start("200 OK", [])
        return Result(b"a\nb")

    async def play() -> None:
        async with bridged(application, limits()) as begin:
            assert (await begin(Exchange())).said == b"a\nb"

    asyncio.run(play())
    assert closed[:1] == [True]
