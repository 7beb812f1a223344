"""Field types of a quiz file: slugs, texts, selectors, points, and the strict frozen model they stand in; pure."""

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

LONGEST_SLUG = 64
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST_SELECTOR = 200
SELECTOR = r"^[^:\s][^:]*:.+$"

Slug = Annotated[str, StringConstraints(pattern=_SLUG, max_length=LONGEST_SLUG)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Selector = Annotated[str, StringConstraints(pattern=SELECTOR, max_length=LONGEST_SELECTOR)]
Points = Annotated[int, Field(ge=1, le=3)]

Path = tuple[str | int, ...]
"""A place in a quiz file: the keys and list indices that lead to it."""


class PlainModel(BaseModel):
    """A part of a quiz file: unknown keys are refused, nothing is coerced, nothing changes later."""

    KEYS: ClassVar[Mapping[str, str]] = {}
    """The words that explain each key in an editor."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AnyOf(PlainModel):
    """Names of products of which one is enough, as one entry of a rule: ``{any: [tag:a, tag:b]}``."""

    KEYS: ClassVar[Mapping[str, str]] = {"any": "Names of products; one of them is enough."}

    any: Annotated[tuple[Selector, ...], Field(min_length=1)]


RuleEntry = Selector | AnyOf
"""One entry of `requires` or `excludes`; each entry is a rule of its own, and all of them hold."""


def names_of(entry: RuleEntry) -> tuple[str, ...]:
    """Return the names of one entry of a rule."""
    return entry.any if isinstance(entry, AnyOf) else (entry,)


def is_slug(text: str) -> bool:
    """Tell whether `text` is a lower-case slug that can be an id and stand in an address."""
    return len(text) <= LONGEST_SLUG and re.fullmatch(_SLUG, text) is not None and not text.endswith("\n")
