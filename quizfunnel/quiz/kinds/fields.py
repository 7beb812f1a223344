"""Field types of a quiz file: slugs, texts, selectors, points, and the strict frozen model they stand in; pure."""

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

LONGEST_SLUG = 64
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Slug = Annotated[str, StringConstraints(pattern=_SLUG, max_length=LONGEST_SLUG)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Selector = Annotated[str, StringConstraints(pattern=r"^[^:\s][^:]*:.+$", max_length=200)]
Points = Annotated[int, Field(ge=1, le=3)]

Path = tuple[str | int, ...]
"""A place in a quiz file: the keys and list indices that lead to it."""


class PlainModel(BaseModel):
    """A part of a quiz file: unknown keys are refused, nothing is coerced, nothing changes later."""

    KEYS: ClassVar[Mapping[str, str]] = {}
    """The words that explain each key in an editor."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def is_slug(text: str) -> bool:
    """Tell whether `text` is a lower-case slug that can be an id and stand in an address."""
    return len(text) <= LONGEST_SLUG and re.fullmatch(_SLUG, text) is not None and not text.endswith("\n")
