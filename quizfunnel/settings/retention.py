"""Retention as settings: for how long each kind of record is kept; pure."""

import calendar
import re
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

FOREVER = "forever"
_SPAN = re.compile(r"([1-9]\d{0,3}) (day|month)s?")
_DAYS_OF_A_MONTH = 28  # at least
_FEWEST = 90  # days: a purchase counts up to so long after its visit


def cutoff(span: str, now: datetime) -> datetime | None:
    """Return the moment before which records of a span are too old at `now`, None where they are kept forever."""
    parts = _SPAN.fullmatch(span)
    if parts is None:
        return None
    count = int(parts[1])
    return now - timedelta(days=count) if parts[2] == "day" else _months_before(now, count)


def _months_before(now: datetime, count: int) -> datetime:
    year, month = divmod(now.year * 12 + now.month - 1 - count, 12)
    day = min(now.day, calendar.monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)


def _span(text: str) -> str:
    if text != FOREVER and _SPAN.fullmatch(text) is None:
        raise ValueError('must be like "30 days", "25 months" or "forever"')
    return text


def _long(text: str) -> str:
    parts = _SPAN.fullmatch(_span(text))
    if parts and int(parts[1]) * (1 if parts[2] == "day" else _DAYS_OF_A_MONTH) < _FEWEST:
        raise ValueError(f"must be {_FEWEST} days or more, since purchases count up to so long after a visit")
    return text


Span = Annotated[str, AfterValidator(_span)]
LongSpan = Annotated[str, AfterValidator(_long)]


class Retention(BaseModel):
    """For how long each kind of record is kept, in days, months or forever."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bodies: Span = Field(default="30 days", description="What the shop sent, with names and addresses.")
    unfinished: Span = Field(default="180 days", description="Runs through a quiz that were never finished.")
    attempts: LongSpan = Field(default="25 months", description="Finished ones, with answers, offers and clicks.")
    views: LongSpan = Field(default="25 months", description="Views of pages, questions and offers.")
    events: LongSpan = Field(default="25 months", description="Events of visitors.")
    visitors: LongSpan = Field(
        default="25 months",
        description="Visitors and their arms, since they first came, once nothing else of them is left.",
    )
    orders: LongSpan = Field(default="25 months", description="Orders with their lines, refunds and deliveries.")
    counts: Span = Field(default="25 months", description="Daily counts of which nothing else is kept.")
    messages: Span = Field(default="30 days", description="What was sent, or could not be.")
    tries: Span = Field(default="30 days", description="Tries to sign in, by digests.")
    audit: Span = Field(default="25 months", description="What staff and the command did, and the nightly runs.")
    files: Span = Field(
        default="30 days",
        description="Disclosures in var/disclosures, and older files that were left beside SQLite's.",
    )

    def cutoff(self, kind: str, now: datetime) -> datetime | None:
        """Return the moment before which records of a kind are too old, None where they are kept forever."""
        return cutoff(getattr(self, kind), now)


def as_markdown() -> str:
    """Return the table of kinds, as the docs have it."""
    lines = ["| `retention` | default | of what |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {field.default} | {field.description} |" for name, field in Retention.model_fields.items()]
    return "\n".join(lines) + "\n"
