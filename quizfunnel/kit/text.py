"""UTF-8 text of files that people edit, and the place of what is none; pure."""

import re
from typing import NamedTuple

NUL = re.compile("\0")


class TextError(ValueError):
    """Bytes that are no text; the message is one of the caller's own, line and column count from 1."""

    def __init__(self, message: str, *, line: int = 1, column: int = 1) -> None:
        """Take the message and the place."""
        super().__init__(message)
        self.line = line
        self.column = column


class TextMessages(NamedTuple):
    """Messages of one kind of file: each says what is wrong and what to do; `forbidden` may name the ``{code}``."""

    too_large: str
    not_utf8: str
    forbidden: str


def read_utf8(body: bytes, messages: TextMessages, *, most: int, forbidden: re.Pattern[str] = NUL) -> str:
    """Return the text of at most `most` bytes, without a byte order mark; TextError for anything else."""
    if len(body) > most:
        raise TextError(messages.too_large)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TextError(messages.not_utf8, line=body.count(b"\n", 0, error.start) + 1) from None
    if character := forbidden.search(text):
        start = character.start()
        raise TextError(
            messages.forbidden.format(code=ord(character[0])),
            line=text.count("\n", 0, start) + 1,
            column=start - text.rfind("\n", 0, start),
        )
    return text
