"""Invested time: a browser's claim, held against what the server can know; pure.

All times are integer milliseconds. `active` follows the 30-second rule, `active10` the stricter
10-second one: the union of that long after each interaction, limited to visible time.
"""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from quizfunnel.kit import signing
from quizfunnel.kit.clock import Clock, to_millis
from quizfunnel.kit.signing import Signer

OLDEST_VIEW_MS = 24 * 3600 * 1000
LONGEST_VIEW_MS = 600_000  # active time that a single view can claim
UNMEASURED_MS = 60_000  # the most that a view without the counter is credited with
UNMEASURED10_MS = 10_000
_MOST_DIGITS = 12
_SLACK_MS = 2_000
_SLACK_SHARE = 0.02


class View(NamedTuple):
    """One rendered question, as its signed token tells it."""

    nonce: str
    issued_ms: int  # UTC, since 1970
    boot: str
    mono_ms: int


class Claim(NamedTuple):
    """The time of one view as the browser's counter tells it; None where it did not run."""

    a30: int
    a10: int
    seq: int = 0


class Beacon(NamedTuple):
    """A beacon as it was sent: which view of which question, and its claim."""

    view: str
    question: str
    claim: Claim


class Timing(NamedTuple):
    """The time of one view, or of one answer over its views; None where nothing is known."""

    nonce: str | None = None
    shown_at: datetime | None = None
    wall_ms: int | None = None
    active_ms: int | None = None
    active10_ms: int | None = None
    source: str = "none"
    seq: int = 0
    clock: str = ""  # which one told the wall time: monotonic, or utc after a restart of the machine


class Credit(NamedTuple):
    """The time that an answer adds, and the views that must be kept beside it."""

    timing: Timing
    views: tuple[Timing, ...] = ()


ABSURD = Claim(-1, -1, -1)
UNKNOWN = Timing()


def issue(signer: Signer, clock: Clock, *, attempt: str, question: str, version: str) -> str:
    """Return a view token for one rendering of `question`."""
    issued = to_millis(clock.now())
    payload = f"{secrets.token_urlsafe(9)}.{issued:x}.{clock.boot}.{clock.monotonic_ms():x}"
    return signer.sign(_purpose(attempt, question, version), payload)


def read(signer: Signer, token: str | None, *, attempt: str, question: str, version: str) -> View | None:
    """Return the view that a token was issued for, None where it is missing, forged or of another question."""
    payload = signer.verify(_purpose(attempt, question, version), token)
    if payload is None:
        return None
    nonce, issued, boot, mono = payload.split(".")
    return View(nonce, int(issued, 16), boot, int(mono, 16))


def wall_time(view: View, clock: Clock) -> int:
    """Return the milliseconds since the view was issued, never negative.

    Within one boot the monotonic clock tells, which no change of the wall clock can disturb.
    """
    if clock_of(view, clock) == "monotonic":
        return max(0, clock.monotonic_ms() - view.mono_ms)
    return max(0, to_millis(clock.now()) - view.issued_ms)


def clock_of(view: View, clock: Clock) -> str:
    """Return which clock tells the wall time of a view: `monotonic` within one boot, else `utc`."""
    return "monotonic" if view.boot == clock.boot else "utc"


def parse_claim(a30: str | None, a10: str | None, seq: str | None = None) -> Claim | None:
    """Return the claim in a form's hidden fields: None where the counter did not run, ABSURD where it cannot be."""
    if not a30 and not a10:
        return None
    numbers = [_digits(text) for text in (a30, a10, seq or "0")]
    if None in numbers:
        return ABSURD
    claim = Claim(*(number or 0 for number in numbers))
    return claim if claim.a10 <= claim.a30 <= LONGEST_VIEW_MS else ABSURD


def parse_beacon(body: bytes) -> Beacon | None:
    """Return what a beacon's JSON body says, None where it says nothing usable."""
    try:
        sent = json.loads(body)
        view, question = sent["view"], sent["question"]
        claim = parse_claim(*(str(sent[name]) for name in ("a30", "a10", "seq")))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if claim is None or claim == ABSURD or not isinstance(view, str) or not isinstance(question, str):
        return None
    return Beacon(view, question, claim)


def measure(view: View | None, wall: int, claim: Claim | None) -> Timing:
    """Return what counts of a claim: no more than the wall time, nothing of what is absurd.

    `source` is `client` where the counter was believed, `clamped` where it claimed more than the
    wall allows (beyond 2 s or 2 %), `server` where there was no counter, `none` without timing.
    """
    if view is None or wall > OLDEST_VIEW_MS or claim == ABSURD:
        return UNKNOWN
    shown = datetime.fromtimestamp(view.issued_ms / 1000, UTC)
    if claim is None:
        active = min(wall, UNMEASURED_MS)
        return Timing(view.nonce, shown, wall, active, min(wall, UNMEASURED10_MS), "server")
    slack = max(_SLACK_MS, wall * _SLACK_SHARE)
    source = "client" if claim.a30 <= wall + slack else "clamped"
    active = min(claim.a30, wall)
    return Timing(view.nonce, shown, wall, active, min(claim.a10, active), source, claim.seq)


def credit_answer(own: Timing, views: Mapping[str, Timing], earlier: Sequence[Timing], *, repeated: bool) -> Credit:
    """Return the credit of an answer given in the view `own`, after other `views` by nonce and `earlier` revisions.

    The first answer to a question that no beacon spoke of is its own record of its view: most answers
    are such, and keep no view. A `repeated` answer changes the last revision's time instead of adding one.
    """
    if own.nonce is None or not (views or earlier):
        return Credit(own)
    seen, kept = dict(views), []
    for timing in earlier:
        if timing.nonce is not None and timing.nonce not in seen:
            seen[timing.nonce] = timing
            kept.append(timing)
    known = seen.get(own.nonce)
    if known is None or known.seq <= own.seq:
        seen[own.nonce] = own
        kept.append(own)
    return Credit(credit(seen, earlier[:-1] if repeated else earlier, own), tuple(kept))


def credit(views: Mapping[str, Timing], earlier: Iterable[Timing], own: Timing) -> Timing:
    """Return what one answer adds: the time of all views of its question, less what earlier revisions were given."""
    if own.source == "none":
        return own
    given = [timing for timing in earlier if timing.wall_ms is not None]
    wall = _total(views.values(), "wall_ms") - _total(given, "wall_ms")
    active = _total(views.values(), "active_ms") - _total(given, "active_ms")
    active10 = _total(views.values(), "active10_ms") - _total(given, "active10_ms")
    wall = max(0, wall)
    active = min(max(0, active), wall)
    clamped = any(view.source == "clamped" for view in views.values())
    return own._replace(
        wall_ms=wall,
        active_ms=active,
        active10_ms=min(max(0, active10), active),
        source="clamped" if clamped else own.source,
    )


def _purpose(attempt: str, question: str, version: str) -> str:
    return f"{signing.VIEW}\0{attempt}\0{question}\0{version}"


def _digits(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _total(timings: Iterable[Timing], field: str) -> int:
    return sum(getattr(timing, field) or 0 for timing in timings)
