"""Laws of the client: nothing but the internet's own machines is called, and no answer takes long or much."""

import gzip
import itertools
import logging
import os
import socket
import ssl
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import trustme
from httpcore2 import NetworkBackend, NetworkStream

from quizfunnel.outbound import OutboundClient, OutboundError
from quizfunnel.outbound.client import CallLimits
from tests.outbound.networks import Elsewhere, leading_to
from tests.outbound.servers import answer, endless, saying, speaking

OK = saying(answer(b"hello", b"ETag: W/1", b"Set-Cookie: a=1", b"Set-Cookie: b=2"))
SHORT = CallLimits(seconds=0.3, most_bytes=1000)


def ours(port: int, limits: CallLimits = SHORT) -> OutboundClient:
    """Return a client that may call a server of a test."""
    return OutboundClient([f"127.0.0.1:{port}"], limits=limits)


def test_an_address_of_the_own_network_is_called_where_it_is_named() -> None:
    """With the headers of an honest program, and without an environment's proxy."""
    with speaking(OK) as server:
        client = OutboundClient([f"127.0.0.1:{server.port}"])
        found = client.get(f"http://127.0.0.1:{server.port}/a?b=c", {"If-None-Match": "x"})
    assert (found.status, found.body, found.header("etag")) == (200, b"hello", "W/1")
    assert found.all_of("set-cookie") == ("a=1", "b=2")
    request = server.heard[0].decode()
    assert request.startswith("GET /a?b=c HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}\r\n" in request
    assert "If-None-Match: x\r\n" in request


def test_a_call_is_bounded_without_a_word() -> None:
    """By ten seconds and ten MiB."""
    assert CallLimits() == (10.0, 10 * 1024 * 1024)


def test_a_body_is_sent() -> None:
    """As of a hook."""
    with speaking(OK) as server:
        found = ours(server.port).send("POST", f"http://127.0.0.1:{server.port}/", content=b"{}")
    assert found.status == 200
    assert server.heard[0].startswith(b"POST / ")
    assert b"Content-Length: 2\r\n" in server.heard[0]


@pytest.mark.parametrize(
    "addresses",
    [
        *(["127.0.0.1"], ["10.0.0.5"], ["169.254.169.254"], ["::1"], ["::ffff:127.0.0.1"], ["fe80::1%lo"], ["0.0.0.0"]),  # noqa: S104
        ["1.1.1.1", "10.0.0.5"],
        ["10.0.0.5", "1.1.1.1"],
        ["1.1.1.1"] * 9 + ["127.0.0.1"],
    ],
)
def test_a_name_that_leads_inside_is_not_called(addresses: list[str]) -> None:
    """Not even where another of its addresses is good."""
    network = Elsewhere(0)
    client = OutboundClient(["erp.lan"], resolve=leading_to(*addresses), beneath=network)
    with pytest.raises(OutboundError, match=r"^https://shop.example/x: shop.example leads to .*address"):
        client.get("https://shop.example/x?key=geheim")
    with pytest.raises(OutboundError):
        client.addresses("https://shop.example/x")
    assert network.connected == []


def test_a_host_of_the_own_network_never_leads_to_a_clouds_keys() -> None:
    """Whoever answers for its name, its metadata stay unread."""
    client = OutboundClient(["erp.lan"], resolve=leading_to("169.254.169.254"), beneath=Elsewhere(0))
    with pytest.raises(OutboundError, match="never called"):
        client.get("http://erp.lan/latest/meta-data")


@pytest.mark.parametrize(
    "url", ["https://localhost/", "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:7f00:1]/"]
)
def test_this_machine_is_not_called(url: str) -> None:
    """By its name, looked up as the system does, or by its addresses."""
    with pytest.raises(OutboundError, match="private_hosts"):
        OutboundClient().get(url)


@pytest.mark.parametrize(
    "url",
    ["http://erp.lan/", "https://erp.lan/", "http://erp.lan:9000/", "https://[fd00::1]/", "http://[fd00::1]:9000/"],
)
def test_what_a_refusal_says_to_write_opens_the_way(url: str) -> None:
    """A name or an address of either kind, each with its port where that is none of the usual ones."""
    inside = leading_to("10.0.0.5")
    with pytest.raises(OutboundError, match="private_hosts") as refused:
        OutboundClient(resolve=inside).addresses(url)
    named = tomllib.loads(str(refused.value)[str(refused.value).index("private_hosts") :])["private_hosts"]
    assert OutboundClient(named, resolve=inside).addresses(url) == ("10.0.0.5",)


def test_the_address_that_was_judged_is_the_one_that_is_called() -> None:
    """A resolver that changes its mind is asked once, and nobody else is asked."""
    answers = iter([["1.1.1.1"], ["127.0.0.1"]])
    asked = []

    def changing(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    with speaking(OK) as server:
        network = Elsewhere(server.port)
        client = OutboundClient(["shop.example"], resolve=changing, beneath=network, limits=SHORT)
        assert client.get("http://shop.example/").body == b"hello"
    assert (network.connected, asked) == (["1.1.1.1"], ["shop.example"])


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    """Within the same time."""
    with speaking(OK) as server:
        network = Elsewhere(server.port, "2606::1")
        client = OutboundClient(["shop.example"], resolve=leading_to("2606::1", "1.1.1.1"), beneath=network)
        assert client.get("http://shop.example/").body == b"hello"
    assert network.connected == ["2606::1", "1.1.1.1"]


def test_a_redirect_is_not_followed() -> None:
    """It is an answer, whose address is for people to look at."""
    moved = answer(b"", b"Location: http://169.254.169.254/\x1b[31mlatest", status=b"302 Found")
    with speaking(saying(moved.replace(b"\x1b", b""))) as server:
        found = ours(server.port).get(f"http://127.0.0.1:{server.port}/")
    assert (found.status, found.leads_to) == (302, "http://169.254.169.254/[31mlatest")
    assert len(server.heard) == 1


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("first", "parts", "words"),
    [
        pytest.param(HEAD + b"\r\n", itertools.repeat(b"x" * 400), "larger than", id="endless body"),
        pytest.param(
            HEAD + b"Content-Length: 99999999999\r\n\r\n", itertools.repeat(b"x" * 400), "larger than", id="long"
        ),
        pytest.param(
            HEAD, itertools.repeat(b"X-More: " + b"x" * 900 + b"\r\n"), "no way that HTTP", id="endless headers"
        ),
        pytest.param(HEAD + b"X-One: ", itertools.repeat(b"x" * 4000), "no way that HTTP", id="endless header"),
        pytest.param(b"", itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"), "took longer", id="endless continue"),
        pytest.param(
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n", itertools.repeat(b"1\r\nx\r\n"), "larger than", id="chunks"
        ),
        pytest.param(
            HEAD + b"Content-Encoding: gzip\r\n\r\n", [gzip.compress(b"x" * 5_000_000)], "larger than", id="gzip bomb"
        ),
        pytest.param(HEAD + b"Content-Length: 9\r\n\r\nhalf", [], "stopped in the middle", id="half"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", [], "no way that HTTP", id="another protocol"),
        pytest.param(b"", [], "no way that HTTP", id="nothing"),
    ],
)
def test_no_answer_is_endless(first: bytes, parts: Iterator[bytes], words: str) -> None:
    """Whatever has no end is ended here, and what is no answer is said to be none."""
    with speaking(endless(first, parts)) as server, pytest.raises(OutboundError, match=words):
        ours(server.port).get(f"http://127.0.0.1:{server.port}/")


@pytest.mark.parametrize("first", [b"", HEAD + b"X-", HEAD + b"\r\n"], ids=["silence", "in a header", "in the body"])
def test_a_drip_ends_at_the_deadline(first: bytes) -> None:
    """A byte now and then keeps no call alive: each wait ends when the whole is over."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(first)
        connection.settimeout(0.02)
        for _ in range(1000):
            try:
                if not connection.recv(1):
                    return  # the other side has left
            except TimeoutError:
                connection.sendall(b"x")

    with speaking(drip) as server, pytest.raises(OutboundError, match=r"took longer than 0.3 seconds|in time"):
        ours(server.port).get(f"http://127.0.0.1:{server.port}/")


class Timed(NetworkStream):
    """A connection that answers at once, and keeps for how long each wait on it might have been."""

    def __init__(self, waits: list[float | None]) -> None:
        """Take where the waits are kept."""
        self.waits, self.answers = waits, [answer(b"hello"), b""]

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Return the answer."""
        self.waits.append(timeout)
        return self.answers.pop(0)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Take the request."""
        self.waits.append(timeout)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,  # noqa: ARG002
        server_hostname: str | None = None,  # noqa: ARG002
        timeout: float | None = None,
    ) -> NetworkStream:
        """Return a connection of the same kind."""
        self.waits.append(timeout)
        return Timed(self.waits)

    def close(self) -> None:
        """Have nothing to close."""


def test_no_wait_is_longer_than_what_is_left() -> None:
    """Of connecting, the handshake, the request and the answer, in both halves of an https call."""
    waits: list[float | None] = []

    class Network(NetworkBackend):
        def connect_tcp(self, *_: object, **__: object) -> NetworkStream:
            return Timed(waits)

    client = OutboundClient(resolve=leading_to("1.1.1.1"), beneath=Network(), limits=CallLimits(seconds=60.0))
    assert client.get("https://shop.example/").body == b"hello"
    assert len(waits) >= 4
    assert all(wait is not None and 0 < wait <= 60 for wait in waits)
    assert waits == sorted(waits, key=lambda wait: -(wait or 0))


def test_a_handshake_ends_at_the_deadline(trusting: ssl.SSLContext) -> None:
    """A record that grows by a byte now and then is none."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"\x16\x03\x03\x40\x00")
        connection.settimeout(0.02)
        hello = True
        for _ in range(1000):
            try:
                hello = hello and bool(connection.recv(65536))
            except TimeoutError:
                connection.sendall(b"x")

    with speaking(drip, hears=False) as server:
        client = OutboundClient(
            resolve=leading_to("1.1.1.1"), beneath=Elsewhere(server.port), tls=trusting, limits=SHORT
        )
        with pytest.raises(OutboundError, match=r"took longer than|did not answer in time"):
            client.get("https://shop.example/")


def test_neither_keys_nor_cookies_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever the log's level is."""
    reply = answer(b"", b"Set-Cookie: sid=geheim", b"X-Said: geheim")
    with caplog.at_level(logging.DEBUG), speaking(saying(reply)) as server:
        address = f"http://127.0.0.1:{server.port}/?key=geheim"
        ours(server.port).get(address, {"Authorization": "Bearer geheim"})
    assert b"geheim" in server.heard[0]
    assert "geheim" not in caplog.text


def test_a_look_up_ends_at_the_deadline() -> None:
    """Though the system would go on asking."""
    release, held = os.pipe()

    def never(_host: str, _port: int) -> Sequence[str]:
        os.read(release, 1)
        return ()

    with pytest.raises(OutboundError, match=r"took longer than 0.3 seconds to look up the name shop.example"):
        OutboundClient(limits=SHORT, resolve=never).get("https://shop.example/")
    os.close(held)


def test_a_name_that_nobody_knows_is_said() -> None:
    """In a sentence."""

    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise OSError("no such name")

    for resolve in (unknown, leading_to()):
        with pytest.raises(OutboundError, match=r"^https://shop.example/: the name shop.example "):
            OutboundClient(resolve=resolve).get("https://shop.example/")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Give an authority whose certificates the client of a test trusts."""
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """Give the context of a client that trusts it."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def certified(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    """Return the context of a server with a certificate for these names."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*names).configure_cert(context)
    return context


def test_a_certificate_is_of_the_name_and_not_of_the_address(authority: trustme.CA, trusting: ssl.SSLContext) -> None:
    """The name is asked for, though the connection goes to an address."""
    with speaking(OK, certified(authority, "shop.example")) as server:
        client = OutboundClient(resolve=leading_to("1.1.1.1"), beneath=Elsewhere(server.port), tls=trusting)
        assert client.get("https://shop.example/").body == b"hello"


@pytest.mark.parametrize("names", [("other.example",), ("1.1.1.1",)])
def test_a_wrong_certificate_ends_the_call(
    authority: trustme.CA, trusting: ssl.SSLContext, names: tuple[str, ...]
) -> None:
    """Before anything is asked: nothing of the request is sent."""
    with speaking(OK, certified(authority, *names)) as server:
        client = OutboundClient(resolve=leading_to("1.1.1.1"), beneath=Elsewhere(server.port), tls=trusting)
        with pytest.raises(OutboundError, match=r"its certificate is not that of shop.example .*nothing was asked"):
            client.get("https://shop.example/")
    assert not any(server.heard)


def test_a_certificate_that_nobody_vouches_for_ends_the_call(authority: trustme.CA) -> None:
    """By the system's own list, which a test's authority is not in."""
    with speaking(OK, certified(authority, "shop.example")) as server:
        client = OutboundClient(resolve=leading_to("1.1.1.1"), beneath=Elsewhere(server.port))
        with pytest.raises(OutboundError, match="its certificate is not that of"):
            client.get("https://shop.example/")


def test_a_plain_server_is_no_https(trusting: ssl.SSLContext) -> None:
    """Said as what it is."""
    with speaking(OK, hears=False) as server:
        client = OutboundClient(resolve=leading_to("1.1.1.1"), beneath=Elsewhere(server.port), tls=trusting)
        with pytest.raises(OutboundError, match="does not speak https"):
            client.get("https://shop.example/")


def test_nobody_there_is_said() -> None:
    """With the system's words."""
    with pytest.raises(OutboundError, match="no connection"):
        OutboundClient(["127.0.0.1:1"]).get("http://127.0.0.1:1/")


def test_a_machine_of_the_environment_is_no_way_round(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A proxy in the environment would choose the address; it is not asked."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with speaking(OK) as server:
        assert ours(server.port).get(f"http://127.0.0.1:{server.port}/").status == 200
