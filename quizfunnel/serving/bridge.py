"""RSGI bridge: a body is awaited in the event loop, and only a whole request takes a thread of the WSGI application."""

import asyncio
import io
import logging
import time
from functools import partial
from http import HTTPStatus
from typing import Protocol
from wsgiref.types import WSGIApplication, WSGIEnvironment

from quizfunnel.serving import limits, listener, orphans
from quizfunnel.serving.environ import EnvironMaker, Scope
from quizfunnel.serving.lanes import Lane, LaneFullError, WaitedTooLongError
from quizfunnel.serving.limits import LaneName, Limits
from quizfunnel.serving.refusals import PreparedRefusals, refuse
from quizfunnel.serving.response import Response, run
from quizfunnel.telemetry import counters, request_ids
from quizfunnel.telemetry.folder import SharedCounters
from quizfunnel.web.arrival import ARRIVED
from quizfunnel.web.fault_log import FaultLog
from quizfunnel.web.security import NOT_KEPT

log = logging.getLogger(__name__)

_TICK_SECONDS = 0.1
_TICKS_A_SECOND = 10
_MOST_WORDS = 10  # refusals of a tick that are worded one by one: in a rush they would cost what is left of the time
_CLOSE = ("Connection", "close")
_TEXT = ("Content-Type", "text/plain; charset=utf-8")


class HTTPProtocol(Protocol):
    """RSGI protocol: how a request's body is read and its response is sent."""

    async def __call__(self) -> bytes:
        """Return the whole body."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Send a response."""

    def response_file(self, status: int, headers: list[tuple[str, str]], file: str) -> None:
        """Send a file."""


_OWN = (_TEXT, ("Server", ""), NOT_KEPT)  # as on the application's own answers
_BROKEN = Response(500, [*_OWN], b"Something went wrong on our side.")
_NO_BODY = Response(400, [*_OWN, _CLOSE], b"")


class RefusedError(Exception):
    """The request is not for the application to answer; the first argument is the status."""

    def __init__(self, status: HTTPStatus) -> None:
        """Refuse with `status`."""
        super().__init__(status)
        self.status = status


class Bridge:
    """RSGI application that serves a WSGI application."""

    def __init__(self, wsgi: WSGIApplication, bounds: Limits, *, trusted: bool = False) -> None:
        """Serve `wsgi`, whose lanes begin with the event loop; a `trusted` proxy's id of a request is kept."""
        self._wsgi, self._bounds, self._trusted = wsgi, bounds, trusted
        self._environs = EnvironMaker()
        self._faults = FaultLog(log)
        self._lanes: dict[LaneName, Lane] = {}
        self._refusals = PreparedRefusals(wsgi)
        self._bodies = self._refused = self._ticks = 0

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the lanes."""
        self._loop, self._counters = loop, SharedCounters()
        self._lanes = {name: Lane(name, loop, limit) for name, limit in self._bounds.queues.items()}
        self._tick()
        orphans.watch(loop)
        listener.end_idle_readers(loop, limits.READER_SECONDS)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """End the lanes."""
        for lane in self._lanes.values():
            lane.end()

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        environ = self._environs.make(scope)
        environ[request_ids.KEY] = request_ids.choose(environ, trusted=self._trusted)
        size = 0
        try:
            size = self._admit(environ, scope.path)
            self._bodies += size
            environ["wsgi.input"] = io.BytesIO(await self._body(scope.path, protocol) if size else b"")
            response = await self._answer(environ, limits.lane(scope.path))
        except RefusedError as refused:
            words = await self._refuse(environ, refused.status)
            # Closed, since what is left of the body would be read as the next request.
            response = words._replace(headers=[*words.headers, _CLOSE])
        except RuntimeError:  # the client has gone, or what it sent is no body
            response = _identified(_NO_BODY, environ)
        finally:
            self._bodies -= size
        if isinstance(response.body, str):
            protocol.response_file(response.status, response.headers, response.body)
        else:
            protocol.response_bytes(response.status, response.headers, response.body)

    def _admit(self, environ: WSGIEnvironment, path: str) -> int:
        """Return the size of the body to wait for; raise RefusedError where none is waited for."""
        if "HTTP_TRANSFER_ENCODING" in environ:
            # The server ends a broken row of chunks as it ends a whole one.
            raise RefusedError(HTTPStatus.LENGTH_REQUIRED)
        size = int(environ.get("CONTENT_LENGTH") or 0)  # the server lets nothing but digits through
        if size > (most := self._bounds.body(path).size):
            room = _room(path)
            with request_ids.about(environ[request_ids.KEY]):
                self._faults.line(
                    ("size", room), f"refused: a body of {size:,} bytes for {room}, where {most:,} are taken"
                )
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if self._bodies + size > self._bounds.bodies:
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE)
        return size

    async def _body(self, path: str, protocol: HTTPProtocol) -> bytes:
        try:
            async with asyncio.timeout(self._bounds.body(path).seconds):
                return await protocol()
        except TimeoutError:
            raise RefusedError(HTTPStatus.REQUEST_TIMEOUT) from None

    async def _answer(self, environ: WSGIEnvironment, name: LaneName) -> Response:
        """Return the application's response, or its words for having no time."""
        try:
            return await self._run(environ, name)
        except (LaneFullError, WaitedTooLongError):
            return await self._refuse(environ, HTTPStatus.SERVICE_UNAVAILABLE)

    async def _refuse(self, environ: WSGIEnvironment, status: HTTPStatus) -> Response:
        """Return the application's words for this very request, or those for everybody in a rush."""
        self._refused += 1
        counters.count(counters.REFUSED, str(int(status)))
        if self._refused <= _MOST_WORDS:
            try:
                return await self._run(refuse(environ, status), "files")
            except (LaneFullError, WaitedTooLongError):
                pass
        return _identified(self._refusals.get(environ, status), environ)

    async def _run(self, environ: WSGIEnvironment, name: LaneName) -> Response:
        environ[ARRIVED] = arrived = time.monotonic()
        try:
            return await self._lanes[name].do(partial(run, self._wsgi, environ), arrived=arrived)
        except (LaneFullError, WaitedTooLongError):
            raise
        except Exception as error:  # noqa: BLE001 - it is logged, and the next request is served
            with request_ids.about(environ[request_ids.KEY]):
                self._faults.fault(error, at=_room(environ["PATH_INFO"]))
            return _identified(_BROKEN, environ)

    def _tick(self) -> None:
        self._refused = 0
        self._ticks += 1
        if self._ticks % _TICKS_A_SECOND == 0:
            self._counters.leave()
        for lane in self._lanes.values():
            lane.call_off(now=time.monotonic())
        self._loop.call_later(_TICK_SECONDS, self._tick)


def _identified(response: Response, environ: WSGIEnvironment) -> Response:
    """Return a response that the application did not make for this request, with the request's id."""
    return response._replace(headers=[*response.headers, (request_ids.HEADER, environ[request_ids.KEY])])


def _room(path: str) -> str:
    """Return the beginning of a path: what follows may open somebody's attempt."""
    return f"/{''.join(path.split('/')[1:2])}"
