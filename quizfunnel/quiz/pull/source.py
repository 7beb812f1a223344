"""Source of a catalogue: its bytes as they lie at an address, in a file, or as the newest file of a folder."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from quizfunnel.catalog.readers import MOST_BYTES
from quizfunnel.kit.files import stamp
from quizfunnel.outbound import OutboundClient, OutboundError, Reply
from quizfunnel.outbound.led import get_led
from quizfunnel.quiz.pull.validators import Validators
from quizfunnel.settings import CatalogSource

ENDINGS = (".csv", ".tsv", ".txt", ".xml", ".yaml", ".yml")
_OK, _UNCHANGED = 200, 304
_REMEDIES = {
    401: "asks for a key; write authorization beside from, as in docs/catalogs.md",
    403: "does not let us in; look whether the key is right, or write authorization beside from",
    404: "is not there; look at the address",
    410: "is gone; look at the address",
    429: "was asked too often; ask again later",
}


class SourceError(Exception):
    """A source that could not be read, in words that say what to do."""


class SourceReading(NamedTuple):
    """Bytes of a source; `place` is the very file or address, and `body` None where the server says it is as before."""

    place: str
    body: bytes | None
    validators: Validators


def read_source(
    source: CatalogSource, file_name: str, *, folder: Path, client: OutboundClient, known: Validators
) -> SourceReading:
    """Return what a source holds now; SourceError where that cannot be read.

    A path is below `folder`, where it is relative; `known` came with the file that is here now.
    """
    if source.is_address:
        return _called(source, client, known)
    path = (folder / source.place).expanduser()
    try:
        chosen = _newest(path, file_name) if path.is_dir() else path
        return SourceReading(str(chosen), _read(chosen), Validators())
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror})") from None


def digest(body: bytes) -> str:
    """Return the SHA-256 of a body, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def _called(source: CatalogSource, client: OutboundClient, known: Validators) -> SourceReading:
    headers: dict[str, str] = {"Accept": "text/csv, application/xml, text/plain, */*;q=0.1", **known.as_headers()}
    if key := source.authorization.get_secret_value():
        headers["Authorization"] = key
    try:
        reply = get_led(client, source.place, headers)
    except OutboundError as error:
        raise SourceError(str(error)) from None
    if reply.status == _UNCHANGED and known.as_headers():
        return SourceReading(reply.url, None, known)
    if reply.status != _OK:
        raise SourceError(f"{reply.url}: {_refusal(reply)}")
    return SourceReading(
        reply.url, reply.body, Validators(etag=reply.header("etag"), last_modified=reply.header("last-modified"))
    )


def _refusal(reply: Reply) -> str:
    """Return in words why an answer holds no catalogue."""
    return _REMEDIES.get(reply.status, f"answered {reply.status}; ask again later")


def _newest(folder: Path, file_name: str) -> Path:
    """Return the file of the catalogue's own name, else the newest that can be a catalogue; SourceError without any."""
    there = [path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and not path.name.startswith(".")]
    files = {path.name: path for path in there if path.is_file()}
    if file_name in files:
        return files[file_name]
    if not files:
        raise SourceError(f"{folder}: holds no file that ends in {', '.join(ENDINGS)}; let the export write one there")
    return max(files.values(), key=lambda path: (path.stat().st_mtime_ns, path.name))


def _read(path: Path) -> bytes:
    before = stamp(path)
    with path.open("rb") as opened:
        body = opened.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise SourceError(f"{path}: is larger than {MOST_BYTES // 2**20} MiB")
    if stamp(path) != before:
        raise SourceError(f"{path}: is being written; pull again when the export is done")
    return body
