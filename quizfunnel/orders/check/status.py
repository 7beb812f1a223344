"""Connection status of a source: its state, what there is to do, and what is worth knowing; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from quizfunnel.orders.check.figures import ArmOrders, Figures, Period
from quizfunnel.orders.sources.source import RefusalReason, SourceKind
from quizfunnel.settings.names import source_secret, variable

_MANY_ORDERS = 5  # so many without one token are no chance, where the snippet is on the shop's pages
_HARDLY = 0.01  # the chance below which an empty arm is no chance
OK, TO_DO, NOT_SET_UP = 0, 1, 2
ONLY, NEW, OLD, GONE = "only", "new", "old", "gone"
SNIPPET = "docs/shop.md"

_MAYBE_MENDED = (
    ". Others of that day were taken: if it is mended since, nothing is left to do, and the first delivery of a later "
    "day takes this line away"
)


class ConnectionState(StrEnum):
    """State of a source's connection, from no secret to the first signed delivery."""

    NO_SECRET = "no secret"  # noqa: S105 - a state, and no secret
    WAITING = "waiting"
    GREETED = "greeted"
    CONNECTED = "connected"


class SecretUse(NamedTuple):
    """Deliveries that one secret proved: ONLY, NEW, OLD, or GONE for one that is set no more."""

    secret: str
    deliveries: int


class SourceStatus(NamedTuple):
    """Status of one source; `to_do` has to be done, `notes` are good to know."""

    kind: SourceKind
    state: ConnectionState
    figures: Figures
    secrets: tuple[SecretUse, ...]
    to_do: tuple[str, ...]
    notes: tuple[str, ...]


class Checked(NamedTuple):
    """The status of every source that is set up or that something came of, in a period."""

    period: Period
    sources: tuple[SourceStatus, ...]

    @property
    def exit_code(self) -> int:
        """Return 0 where all is well, 1 where there is something to do, 2 where no source has a secret."""
        if all(each.state is ConnectionState.NO_SECRET for each in self.sources):
            return NOT_SET_UP
        return TO_DO if any(each.to_do for each in self.sources) else OK


def status(kind: SourceKind, figures: Figures, secrets: Mapping[str, str]) -> SourceStatus:
    """Return a source's status; `secrets` are those that are set, NEW, OLD or ONLY by fingerprint."""
    state = _state(figures, has_secret=bool(secrets))
    uses = _uses(figures.proven, secrets)
    to_do = [*_connect(kind, state, figures), *_refused(kind, figures), *_unread(figures)]
    if state is ConnectionState.CONNECTED:
        to_do += [*_no_token(figures), *_one_sided(figures.arms)]
    return SourceStatus(kind, state, figures, uses, to_do=tuple(to_do), notes=tuple(_notes(kind, state, figures, uses)))


def _state(figures: Figures, *, has_secret: bool) -> ConnectionState:
    if not has_secret:
        return ConnectionState.NO_SECRET
    if figures.connected:
        return ConnectionState.CONNECTED
    return ConnectionState.GREETED if figures.greeted else ConnectionState.WAITING


def _uses(proven: Mapping[str, int], secrets: Mapping[str, str]) -> tuple[SecretUse, ...]:
    """Return the deliveries by what their secret is, in a fixed order."""
    uses = Counter[str]()
    for fingerprint, deliveries in proven.items():
        uses[secrets.get(fingerprint, GONE)] += deliveries
    return tuple(SecretUse(name, uses[name]) for name in (ONLY, NEW, OLD, GONE) if uses[name])


def _connect(kind: SourceKind, state: ConnectionState, figures: Figures) -> Iterable[str]:
    if state is ConnectionState.WAITING:
        yield f"Nothing that the store signed has come yet. {kind.first_step} ({kind.page})"
    elif state is ConnectionState.GREETED:
        yield f"The store tried the address on {figures.greeted}, and no order has come yet: place a test order."
    elif state is ConnectionState.NO_SECRET and any(each.reason == RefusalReason.NO_SECRET for each in figures.refused):
        yield f"The store sends orders, and there is no secret for them here: set {_setting(kind)} ({kind.page})"


def _refused(kind: SourceKind, figures: Figures) -> Iterable[str]:
    """Yield what was refused, unless something was taken on a later day: then it is mended."""
    for each in figures.refused:
        if each.reason == RefusalReason.NO_SECRET or (figures.proven_on and figures.proven_on > each.day):
            continue
        others = _MAYBE_MENDED if figures.proven_on == each.day else ""
        yield f"{deliveries(each.deliveries)} of {each.day} refused: {_meaning(each.reason)} ({_setting(kind)}){others}"


def _unread(figures: Figures) -> Iterable[str]:
    if unreadable := figures.deliveries.unreadable:
        yield f"{deliveries(unreadable)} cannot be read: quizfunnel orders dead says why."


def _no_token(figures: Figures) -> Iterable[str]:
    """Yield that no order carries the token, where that is no chance."""
    orders, _, with_token = figures.tokens
    if orders >= _MANY_ORDERS and not with_token:
        yield f"None of {orders} orders carries the visitor's token, so that none counts for anybody: {SNIPPET}"


def _one_sided(arms: Iterable[ArmOrders]) -> Iterable[str]:
    """Yield an experiment of which one arm has no order at all: the token travels by a way that is open to one arm."""
    for experiment in dict.fromkeys((each.quiz, each.experiment) for each in arms):
        mine = [each for each in arms if (each.quiz, each.experiment) == experiment]
        if len(mine) != 1:
            continue
        (only,) = mine
        share = only.holdout_share if only.arm in ("holdout", "first") else 1 - only.holdout_share
        if share**only.orders < _HARDLY:
            yield (
                f"All {only.orders} orders of {only.of} are of the arm {only.arm}: the token has to get into "
                f"the basket in both arms alike, by the snippet and not by the quiz: {SNIPPET}"
            )


def _notes(kind: SourceKind, state: ConnectionState, figures: Figures, uses: Sequence[SecretUse]) -> Iterable[str]:
    last = figures.deliveries.last
    if state is ConnectionState.CONNECTED and last and not sum(figures.proven.values()):
        yield f"Nothing came in this time; the last delivery is of {last:%Y-%m-%d %H:%M} UTC."
    by_name = dict(uses)
    if by_name.get(OLD):
        yield "The store still signs with the old secret; change it there."
    elif by_name.get(NEW):
        yield f"Everything was signed with the new secret; leave the old one out of {_setting(kind)}."
    orders, _, with_token = figures.tokens
    if orders and not with_token and orders < _MANY_ORDERS:
        yield f"No order of {orders} carries the visitor's token yet; a test order from the shop's pages should."


def _setting(kind: SourceKind) -> str:
    return variable(source_secret(kind.name))


def _meaning(reason: str) -> str:
    return RefusalReason(reason).meaning if reason in set(RefusalReason) else reason


def deliveries(count: int) -> str:
    """Return a count of deliveries in words."""
    return "1 delivery" if count == 1 else f"{count} deliveries"
