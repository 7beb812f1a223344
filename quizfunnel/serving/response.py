"""Response of a WSGI application, whole: run once, in whatever thread, and sent by the event loop."""

from typing import Any, NamedTuple
from wsgiref.types import WSGIApplication, WSGIEnvironment

from quizfunnel.serving.environ import FileWrapper

_FILE_BYTES = 256 * 1024  # from here on a file is sent from the disk as it is read, and never held


class Response(NamedTuple):
    """Response of the application: its body in one piece, or the path of the file that is its body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes | str


def run(wsgi: WSGIApplication, environ: WSGIEnvironment) -> Response:
    """Run a WSGI application on one request and return its response whole."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
        begun[:] = [(status, headers)]
        return None

    result = wsgi(environ, start_response)
    try:
        path = _path(result) if isinstance(result, FileWrapper) else None
        body = path or b"".join(result)
    finally:
        if close := getattr(result, "close", None):
            close()
    status, headers = begun[0]
    return Response(int(status[:3]), headers, body)


def _path(wrapper: FileWrapper) -> str | None:
    """Return the path of a large file."""
    path = getattr(wrapper.file, "name", None)
    if not isinstance(path, str) or wrapper.file.seek(0, 2) < _FILE_BYTES:
        wrapper.file.seek(0)
        return None
    return path
