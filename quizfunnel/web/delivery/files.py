"""Static files: the store's own first, kept by browsers for as long as their address stays, sent compressed."""

import hashlib
import mimetypes
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from flask import Response, abort, current_app, request, send_from_directory

from quizfunnel.web.delivery.encodings import Encoded, encode
from quizfunnel.web.delivery.minified import minified

_A_YEAR = 365 * 24 * 3600
_A_WHILE = 300  # seconds, for an address that does not change with the file
_LARGEST = 512 * 1024  # from here on a file is sent from the disk, as it is
_MOST_FILES = 1024
_COMPRESSIBLE = frozenset({"application/javascript", "application/json", "application/xml", "image/svg+xml"})


class PreparedFile(NamedTuple):
    """Static file in memory: its bytes in every encoding, its type, and the hash that its address carries."""

    encoded: Encoded
    mimetype: str
    version: str


class MadeFile(NamedTuple):
    """File that the program itself writes, and the hash that its address carries."""

    content: bytes
    version: str


class StaticFiles:
    """Files below `folders`, the first one first, and those that the program itself writes."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Serve what is below `folders`."""
        self.folders = tuple(folder.absolute() for folder in folders)
        self._made: dict[str, MadeFile] = {}

    def add(self, path: str, text: str) -> str:
        """Serve `text` at `path`, whatever file is called so, and return its address."""
        return self._add(path, text.encode())

    def join(self, path: str, scripts: Sequence[str]) -> None:
        """Serve these scripts as one at `path`: every request takes its share of a slow link from the first paint."""
        found = [file for each in scripts if (file := self._file(each))]
        if found:
            self._add(path, b"\n;\n".join(self._source(file) for file in found))

    def address(self, path: str) -> str:
        """Return the address of a file, which changes with its content."""
        version = self._version(path)
        return f"/static/{path}?v={version}" if version else f"/static/{path}"

    def prepare(self) -> None:
        """Compress every small file, so that no shopper waits for it."""
        for path, (content, version) in self._made.items():
            _prepare(content, _mimetype(path), version)
        for file in self._compressible():
            self._prepared(file)

    def response(self, path: str) -> Response:
        """Return a file as this request's browser takes it; NotFound where there is none."""
        if path in self._made:
            content, version = self._made[path]
            return _sent(_prepare(content, _mimetype(path), version))
        file = self._file(path)
        if file is not None and _is_small_text(file):
            return _sent(self._prepared(file))
        if file is None:
            abort(404)
        is_current = request.args.get("v") == self._version(path)
        return _kept(send_from_directory(self._folder(file), path), is_current=is_current)

    def _add(self, path: str, content: bytes) -> str:
        self._made[path] = MadeFile(content, _short(content))
        return self.address(path)

    def _version(self, path: str) -> str:
        if path in self._made:
            return self._made[path].version
        file = next((folder / path for folder in self.folders if (folder / path).is_file()), None)
        return _hash(file, file.stat().st_mtime_ns) if file else ""

    def _prepared(self, file: Path) -> PreparedFile:
        return _prepare(self._source(file), _mimetype(file.name), _hash(file, file.stat().st_mtime_ns))

    def _source(self, file: Path) -> bytes:
        """Return what is sent of a file: the shipped ones minified, those of a store with every byte as written."""
        return _read(file, file.stat().st_mtime_ns, is_ours=file.is_relative_to(self.folders[-1]))

    def _folder(self, file: Path) -> Path:
        return next(folder for folder in self.folders if file.is_relative_to(folder))

    def _file(self, path: str) -> Path | None:
        return next((folder / path for folder in self.folders if _is_inside(folder, path)), None)

    def _compressible(self) -> Iterator[Path]:
        for folder in self.folders:
            files = (file for file in sorted(folder.rglob("*")) if file.is_file() and _is_small_text(file))
            yield from (file for file, _ in zip(files, range(_MOST_FILES // len(self.folders)), strict=False))


def send(path: str) -> Response:
    """Send a static file of the running app."""
    files: StaticFiles = current_app.extensions["files"]
    return files.response(path)


def _sent(file: PreparedFile) -> Response:
    return _kept(_negotiated(file), is_current=request.args.get("v") == file.version)


def _negotiated(file: PreparedFile) -> Response:
    """Return a file in the smallest encoding, a part of it as it is: ranges count plain bytes."""
    accepted = "" if "Range" in request.headers else request.headers.get("Accept-Encoding", "")
    encoding, body = file.encoded.best(accepted)
    response = Response(body, mimetype=file.mimetype)
    if encoding != "identity":
        response.headers["Content-Encoding"] = encoding
    response.headers["Vary"] = "Accept-Encoding"
    # Each encoding is a representation of its own, and so is its tag (RFC 9110, 8.8.3.3).
    response.set_etag(file.version if encoding == "identity" else f"{file.version}-{encoding}")
    return response.make_conditional(request, accept_ranges=True, complete_length=len(body))  # type: ignore[return-value]


def _kept(response: Response, *, is_current: bool) -> Response:
    """Let browsers keep a file for good at the address of its content, and for a while at any other.

    During an upgrade an older worker may be asked for a newer file: what it has must not be kept under that address.
    """
    response.cache_control.no_cache = None
    response.cache_control.public = True
    response.cache_control.max_age = _A_YEAR if is_current else _A_WHILE
    if is_current:
        response.cache_control.immutable = True
    return response


def _is_inside(folder: Path, path: str) -> bool:
    if "\0" in path:
        return False
    try:
        file = (folder / path).resolve()
        return file.is_relative_to(folder.resolve()) and file.is_file()
    except OSError:  # a name that is longer than any file's, a loop of links
        return False


def _is_small_text(file: Path) -> bool:
    kind = _mimetype(file.name)
    return (kind.startswith("text/") or kind in _COMPRESSIBLE) and file.stat().st_size < _LARGEST


def _mimetype(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


@lru_cache(maxsize=_MOST_FILES)
def _read(file: Path, _changed_ns: int, *, is_ours: bool) -> bytes:
    content = file.read_bytes()
    return minified(file.name, content) if is_ours else content


@lru_cache(maxsize=_MOST_FILES)
def _prepare(content: bytes, mimetype: str, version: str) -> PreparedFile:
    return PreparedFile(encode(content), mimetype, version)


@lru_cache(maxsize=_MOST_FILES)
def _hash(file: Path, _changed_ns: int) -> str:
    return _short(file.read_bytes())


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]
