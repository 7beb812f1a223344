"""Question cache: each question is drawn as HTML once, and an answer fills a few marks instead of rendering again.

Rendering a question costs Jinja more than a tenth of a millisecond, filling in one that is kept some six
microseconds. Only a question that shows no earlier answer and no error is drawn ahead, and that all attempts see alike;
every other is rendered as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from quizfunnel.journey.pages import QuestionPage

_MOST = 4096  # questions kept; beyond it all are dropped and drawn anew

_MARKS = {
    "action": "zz-mark-action-zz",
    "back": "zz-mark-back-zz",
    "skip_url": "zz-mark-skip-zz",
    "token": "zz-mark-token-zz",
    "access": "zz-mark-access-zz",
    "beacon": "zz-mark-beacon-zz",
    "offer": "zz-mark-offer-zz",
}


@dataclass(frozen=True, slots=True)
class _Key:
    version: str
    language: str
    question: str
    number: int
    shortest: int
    longest: int
    empty: tuple[bool, ...]


class QuestionCache:
    """Drawings of questions by quiz version, question and place."""

    def __init__(self, draw: Callable[[QuestionPage], str]) -> None:
        """Take the function that renders a page's swapped part."""
        self._draw = draw
        self._drawn: dict[_Key, str] = {}
        self._lock = Lock()

    def show(self, version: str, page: QuestionPage, *, keep: bool = True) -> str:
        """Return the swapped part of `page`; without `keep` it is this attempt's alone."""
        if not keep or page.answered or page.error or page.rejected:
            return self._draw(page)
        values = {name: getattr(page, name) for name in _MARKS}
        empty = tuple(not value for value in values.values())
        key = _Key(version, page.lang, page.question.id, page.position, page.shortest, page.longest, empty)
        drawn = self._drawn.get(key) or self._add(key, page)
        for name, mark in _MARKS.items():
            if values[name]:
                drawn = drawn.replace(mark, values[name].replace("&", "&amp;"))
        return drawn

    def _add(self, key: _Key, page: QuestionPage) -> str:
        marks: dict[str, Any] = {name: mark for name, mark in _MARKS.items() if getattr(page, name)}
        marked = replace(page, **marks)
        drawn = self._draw(marked)
        with self._lock:
            if len(self._drawn) >= _MOST:
                self._drawn.clear()
            self._drawn[key] = drawn
        return drawn
