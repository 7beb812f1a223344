"""Video beside a question: a file of the store's own, with its captions, its poster and the room it takes; pure."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, StringConstraints

from quizfunnel.quiz.kinds.fields import PlainModel

TYPES: Mapping[str, str] = {".mp4": "video/mp4", ".webm": "video/webm"}
"""Media types that browsers play without a plug-in, by the ends of file names."""

_LONGER_SIDE = 1280

_Address = Annotated[str, StringConstraints(max_length=500)]


class Video(PlainModel):
    """A video of the store's own that a question shows."""

    KEYS: ClassVar[Mapping[str, str]] = {
        "file": "A file of the store: a path like /static/video/x.mp4, MP4 or WebM.",
        "captions": "What is said in it, as WebVTT, in the quiz's language: a path like /static/video/x.vtt.",
        "poster": "The picture before it is played: a path like /static/img/x.svg or an https address.",
        "ratio": "Its width to its height, for which room is kept before it is there.",
        "silent": "true: nothing is said in it, so that it needs no captions.",
    }

    file: _Address
    captions: _Address = ""
    poster: _Address = ""
    ratio: Literal["16:9", "4:3", "1:1", "9:16"] = "16:9"
    silent: bool = False

    @property
    def type(self) -> str:
        """Return the media type, by the end of the file's name; empty where it is none of ours."""
        return next((type for end, type in TYPES.items() if self.file.lower().endswith(end)), "")

    @property
    def size(self) -> tuple[int, int]:
        """Return a width and a height in the video's ratio, from which a browser keeps the room."""
        width, height = map(int, self.ratio.split(":"))
        scale = _LONGER_SIDE // max(width, height)
        return width * scale, height * scale


def _whole(value: Any) -> Any:
    """Return the long form of a video that is written as its file alone."""
    return {"file": value} if isinstance(value, str) else value


VideoRef = Annotated[Video | None, BeforeValidator(_whole, json_schema_input_type=str | Video | None)]
"""A video as a quiz file names it: its file alone, or a mapping with what belongs to it."""
