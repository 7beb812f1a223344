"""Places of a quiz's texts in its file, by key, whatever kind of part they stand in; pure."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from quizfunnel.quiz.file.vocabulary import TEXT_KEYS
from quizfunnel.quiz.kinds.fields import Path
from quizfunnel.quiz.spec import Quiz


class TextPlace(NamedTuple):
    """A text with its place in the file."""

    path: Path
    text: str

    @property
    def key(self) -> str:
        """Return the key that the text stands under."""
        return str(self.path[-1])

    @property
    def question(self) -> int | None:
        """Return the number of the question that the text belongs to, None for one of the whole quiz."""
        return int(self.path[1]) if self.path[0] == "questions" else None

    @property
    def is_of_a_choice(self) -> bool:
        """Tell whether the text is a choice's."""
        return "choices" in self.path


_NAMES = ("names",)  # whose keys are the catalogue's


def text_places(quiz: Quiz) -> Iterator[TextPlace]:
    """Yield every text that shoppers read, in the file's order."""
    yield from _inside(quiz.model_dump(mode="json", by_alias=True), ())


def _inside(part: Any, path: Path) -> Iterator[TextPlace]:
    entries = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in entries:
        if isinstance(value, dict | list):
            yield from _inside(value, (*path, key))
        elif isinstance(value, str) and value and (key in TEXT_KEYS or path == _NAMES):
            yield TextPlace((*path, key), value)
