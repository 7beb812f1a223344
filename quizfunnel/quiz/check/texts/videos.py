"""Check of the videos beside questions: the store's own files, of a type that browsers play, and small enough."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.video import TYPES, Video

MANY_BYTES = 8_000_000  # more than a minute's wait on a phone at a bus stop
_MAGIC = {"video/mp4": (4, b"ftyp"), "video/webm": (0, b"\x1a\x45\xdf\xa3")}
_STATIC = "/static/"
_SAID = "a video is a file of the store: put it into the folder static/video and write /static/video/NAME.mp4"


def check(loaded: LoadedQuiz) -> Iterator[Finding]:
    """Find videos that are none of the store's own files, or of a type that browsers do not play."""
    for number, question in enumerate(loaded.quiz.questions):
        if video := question.video:
            place = ("questions", number, "video")
            if message := _not_ours(video):
                yield loaded.finding((*place, "file"), message)
            if video.captions and not (_is_ours(video.captions) and video.captions.lower().endswith(".vtt")):
                message = "captions are a WebVTT file of the store, like /static/video/NAME.vtt"
                yield loaded.finding((*place, "captions"), message)


def check_files(loaded: LoadedQuiz, folders: Sequence[Path]) -> Iterator[Finding]:
    """Find videos whose files are not there, are no videos, or keep shoppers waiting; `folders` hold static files."""
    for number, question in enumerate(loaded.quiz.questions):
        if video := question.video:
            place = ("questions", number, "video")
            if message := _doubtful(video, folders):
                yield loaded.finding((*place, "file"), message, error=False)
            if not (video.captions or video.silent):
                message = (
                    "who cannot hear it needs captions: add `captions: /static/video/NAME.vtt`, or `silent: true` "
                    "where nothing is said in it"
                )
                yield loaded.finding(place, message, error=False)
            elif video.captions and _find(video.captions, folders) is None:
                yield loaded.finding((*place, "captions"), _lost(video.captions), error=False)


def _not_ours(video: Video) -> str:
    if video.file.startswith(("https://", "http://", "//")):
        return f"{video.file} is played by another site, which would see your shoppers; {_SAID}"
    if not _is_ours(video.file):
        return f"{video.file!r} is no file of the store; {_SAID}"
    if not video.type:
        name = video.file.rpartition("/")[2]
        return f"browsers do not all play {name!r}; make it an MP4 (H.264) or a WebM: {', '.join(TYPES)}"
    return ""


def _is_ours(address: str) -> bool:
    return address.startswith(_STATIC) and ".." not in address.split("/") and "\\" not in address


def _doubtful(video: Video, folders: Sequence[Path]) -> str:
    file = _find(video.file, folders)
    if file is None:
        return _lost(video.file)
    offset, magic = _MAGIC[video.type]
    with file.open("rb") as opened:
        if not opened.read(16)[offset:].startswith(magic):
            return f"{file.name} holds no video that browsers play ({video.type}); export it again"
    size, most = file.stat().st_size / 1e6, MANY_BYTES / 1e6
    return f"{file.name} has {size:.0f} MB, which phones wait for; make it {most:.0f} MB at most" if size > most else ""


def _lost(address: str) -> str:
    return f"there is no file {address} in the folder static; put it there or mend the address"


def _find(address: str, folders: Sequence[Path]) -> Path | None:
    """Return the static file of an address, of the first folder that has it."""
    name = unquote(address.removeprefix(_STATIC))
    try:
        return next((path for folder in folders if (path := folder / name).is_file()), None)
    except (OSError, ValueError):  # a name that is longer than any file's, or holds a NUL
        return None
