"""Fingerprint of the meaning of a quiz's answers: words may change under it, rules and scales may not; pure.

A trained model serves every version of a quiz whose answers mean the same (docs/decisions/0008).
"""

import hashlib
import json
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from quizfunnel.quiz.cache_key import QuizKey
from quizfunnel.quiz.kinds import KINDS
from quizfunnel.quiz.spec import Quiz

# Named is what does not count, so that whatever the file format learns next counts until it is named here.
_OF_THE_QUIZ = (
    "title",
    "promise",
    "minutes",
    "language",
    "names",
    "catalog",
    "offer",
    "experiment",
    "was",
    "auto_advance",
)
WORDS = frozenset((*_OF_THE_QUIZ, *(word for kind in KINDS.values() for word in kind.WORDS)))
OFF_BY_DEFAULT = ("or_more", "or_less")  # came later: a file without them means what it meant before
NAMED_BY_THE_STORE = ("when", "near", "favours", "against")  # an attribute or a question may be called `label`


def meaning(quiz: Quiz) -> str:
    """Return the digest of everything in a quiz that changes what its answers mean."""
    return _meaning(QuizKey(quiz))


@lru_cache(maxsize=64)
def _meaning(key: QuizKey) -> str:
    text = json.dumps(_counted(key.quiz.model_dump(mode="json", by_alias=True)), sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _counted(part: Any, words: Collection[str] = WORDS) -> Any:
    """Return a part of the file without its words; lists stand in one order, since theirs means nothing."""
    if isinstance(part, dict):
        return {
            name: _counted(value, () if name in NAMED_BY_THE_STORE else words)
            for name, value in part.items()
            if name not in words and (value or name not in OFF_BY_DEFAULT)
        }
    if isinstance(part, list):
        return sorted((_counted(entry, words) for entry in part), key=lambda entry: json.dumps(entry, sort_keys=True))
    return part
