"""Client of outbound calls: one request to one address, within ten seconds and ten MiB, never led on elsewhere.

What it guards against is in docs/decisions/0032-outbound-calls.md.
"""

import logging
import ssl
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import httpcore2

from quizfunnel import __version__
from quizfunnel.outbound import encoding
from quizfunnel.outbound.deadline import Deadline
from quizfunnel.outbound.errors import OutboundError
from quizfunnel.outbound.network import GuardedBackend, Resolve, look_up
from quizfunnel.outbound.target import CallTarget, OwnHosts, target
from quizfunnel.settings.addresses import host_and_port

# At its finest the library logs the headers of every answer, cookies among them.
logging.getLogger("httpcore2").setLevel(logging.WARNING)

SECONDS = 10.0
MOST_BYTES = 10 * 2**20
AGENT = f"quizfunnel/{__version__}"
_REDIRECTS = range(300, 400)
_UNCHANGED = 304


class CallLimits(NamedTuple):
    """Limits of a call: seconds from its beginning to its end, bytes of the body that comes back, packed or not."""

    seconds: float = SECONDS
    most_bytes: int = MOST_BYTES


class Reply(NamedTuple):
    """Reply of a server, whatever its status; names of headers are in small letters, and of two alike both count."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return the values of a header, joined by commas, "" where there is none."""
        return ", ".join(self.all_of(name))

    def all_of(self, name: str) -> tuple[str, ...]:
        """Return every value of a header."""
        return tuple(value for each, value in self.headers if each == name)

    @property
    def leads_to(self) -> str:
        """Return the address that a redirect names, safe to print and without a query; "" for any other answer."""
        if self.status not in _REDIRECTS or self.status == _UNCHANGED:
            return ""
        address = self.header("location").partition("?")[0]
        return "".join(letter for letter in address if letter.isprintable())[:200]


class OutboundClient:
    """Client of one store; `private_hosts` are those of its own network, like `erp.lan` or `10.0.0.5:9000`."""

    def __init__(
        self,
        private_hosts: Iterable[str] = (),
        *,
        limits: CallLimits = CallLimits(),  # noqa: B008 - a value that does not change
        resolve: Resolve = look_up,
        beneath: httpcore2.NetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Take what is allowed; the rest stands for the network in tests."""
        named = [host_and_port(text) for text in private_hosts]
        ports = {host: frozenset(port for name, port in named if name == host and port) for host, _ in named}
        self._own_hosts: OwnHosts = ports
        self._limits, self._resolve, self._beneath, self._given_tls = limits, resolve, beneath, tls

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Reply:
        """Return what an address answers; OutboundError where it is not called or does not answer in full."""
        return self.send("GET", url, headers)

    def send(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, *, content: bytes | None = None
    ) -> Reply:
        """Send one request and return the answer; OutboundError as of `get`."""
        called = target(url, self._own_hosts)
        fields = {
            "Host": called.authority,
            "User-Agent": AGENT,
            "Accept-Encoding": encoding.ACCEPTED,
            "Connection": "close",
            **(headers or {}),
        }
        try:
            return self._sent(method, called, fields, content)
        except OutboundError as error:
            raise type(error)(f"{called.shown}: {error}") from None
        except _FAULTS as error:
            raise OutboundError(f"{called.shown}: {_in_words(error, called)}") from None

    def addresses(self, url: str) -> Sequence[str]:
        """Return the IP addresses that an address leads to; OutboundError where one of them may not be called."""
        called = target(url, self._own_hosts)
        return self._backend(called, Deadline(self._limits.seconds)).addresses(called.host, called.port)

    def is_same_place(self, url: str, other: str) -> bool:
        """Tell whether two addresses are of one scheme, host and port; OutboundError for one that is not called."""
        first, second = target(url, self._own_hosts), target(other, self._own_hosts)
        return (first.scheme, first.authority) == (second.scheme, second.authority)

    def without_own_hosts(self) -> "OutboundClient":
        """Return a client that calls the internet alone, whatever the store's own hosts are."""
        return OutboundClient(limits=self._limits, resolve=self._resolve, beneath=self._beneath, tls=self._given_tls)

    def _sent(self, method: str, called: CallTarget, fields: Mapping[str, str], content: bytes | None) -> Reply:
        deadline = Deadline(self._limits.seconds)
        origin = httpcore2.Origin(called.scheme.encode(), called.host.encode(), called.port)
        url = httpcore2.URL(scheme=called.scheme, host=called.host, port=called.port, target=called.path)
        backend = self._backend(called, deadline)
        tls = self._tls if called.scheme == "https" else None  # which takes a tenth of a second to read
        with (
            httpcore2.HTTPConnection(origin, ssl_context=tls, network_backend=backend) as connection,
            connection.stream(method, url, headers=[*fields.items()], content=content) as response,
        ):
            headers = tuple(
                (name.lower().decode("latin-1"), value.decode("latin-1")) for name, value in response.headers
            )
            reply = Reply(called.shown, response.status, headers, b"")
            body = encoding.decoded(
                response.iter_stream(), reply.header("content-encoding"), most=self._limits.most_bytes
            )
            return reply._replace(body=body)

    def _backend(self, called: CallTarget, deadline: Deadline) -> GuardedBackend:
        return GuardedBackend(deadline, is_ours=called.is_ours, resolve=self._resolve, beneath=self._beneath)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or httpcore2.default_ssl_context()


_FAULTS: tuple[type[Exception], ...] = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    OSError,
)


def _in_words(error: Exception, called: CallTarget) -> str:
    """Return what a fault of the network or of the other side's words was, and where it can be, what to do."""
    cause: Any = error.__cause__ or error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not that of {called.host} ({cause.verify_message}); nothing was asked of it"
    if isinstance(cause, ssl.SSLError):
        return f"does not speak https as it should ({cause.reason or 'no TLS'})"
    if isinstance(error, httpcore2.TimeoutException):
        return "did not answer in time"
    if isinstance(error, httpcore2.ProtocolError):
        return "answers in no way that HTTP knows, or stopped in the middle"
    if isinstance(error, httpcore2.ConnectError):
        return f"no connection ({getattr(cause, 'strerror', None) or cause})"
    return f"the connection broke ({getattr(cause, 'strerror', None) or cause})"
