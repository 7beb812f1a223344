"""Messages of the snippet: JSON of at most 2 KiB, each with a shape of its own; pure.

What is unknown is passed over, so that a browser with an older snippet goes on; what is wrong is refused whole.
"""

from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from quizfunnel.settings.pages_of_shop import path_as_written

MOST_BYTES = 2048
LONGEST_VIEW_MS = 24 * 3600 * 1000

Said = Literal["yes", "no", "unknown"]
"""The consent that the shop's page tells of."""

M = TypeVar("M", bound=BaseModel)


Path = Annotated[str, StringConstraints(pattern=r"^/"), AfterValidator(path_as_written)]
EventId = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,100}$")]


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ViewMessage(_Message):
    """One view of a page of the shop.

    `place` tells whether the page has a place for an invitation, `store` whether the browser keeps anything, `again`
    that this view was told of before its visitor agreed; `lang` is the page's language.
    """

    path: Path
    ref: str = ""
    query: str = ""
    token: str = ""
    click: str = ""
    consent: Said = "unknown"
    store: bool = False
    place: bool = True
    again: bool = False
    lang: Annotated[str, AfterValidator(lambda text: text[:35])] = ""


class EndMessage(_Message):
    """The end of a view: how long it was visible."""

    view: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    ms: Annotated[int, Field(ge=0), AfterValidator(lambda ms: min(ms, LONGEST_VIEW_MS))]


class EventMessage(_Message):
    """One event of the shop's page; the same `id` of the same visitor is the same event."""

    token: str
    id: EventId
    name: Annotated[str, StringConstraints(max_length=64)]
    value: Decimal | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None


class ChoiceMessage(_Message):
    """A no to what a visitor had agreed to."""

    token: str = ""
    choice: Literal["no"]


class HandoverMessage(_Message):
    """A request for the token that takes a visitor along to the quiz on another site."""

    key: str


def read(kind: type[M], body: bytes) -> M | None:
    """Return a message of a kind, None for a body that is none: no JSON, too deep, of another shape."""
    try:
        return kind.model_validate_json(body)
    except (ValidationError, RecursionError):
        return None
