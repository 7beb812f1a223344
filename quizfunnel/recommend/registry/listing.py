"""Listing of a quiz's models, and the comparison of two cards, for a terminal and for programs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from quizfunnel.recommend.registry.folder import Registry
from quizfunnel.recommend.registry.manifest import RegistryError
from quizfunnel.recommend.registry.state import (
    PROMOTED,
    ROLLED_BACK,
    ServingChange,
    State,
)
from quizfunnel.recommend.serving.score_model import RULES

SERVING, CHALLENGER, KEPT, BROKEN = "serving", "challenger", "kept", "broken"
_LATEST = 5
_JUDGED = ("model", RULES, "popularity")


class Entry(NamedTuple):
    """One model version; figures that its card lacks are None, and `fault` says why it cannot be used.

    `fits` tells whether the quiz of today means what that of the model meant; None where there is none to compare.
    """

    version: str
    state: str
    made_at: datetime | None = None
    quiz_version: str = ""
    simulated: bool | None = None
    purchases: float | None = None
    log_loss: Mapping[str, float] = MappingProxyType({})
    fits: bool | None = None
    fault: str = ""


class Roster(NamedTuple):
    """Every model of a quiz, oldest first, and what serves; `fault` where the state cannot be read."""

    quiz: str
    state: State
    fault: str
    entries: Sequence[Entry]


def roster(registry: Registry, quiz: str, *, meaning: str = "") -> Roster:
    """Return the models of a quiz that means `meaning` today; each is read whole, so that a broken one shows."""
    state, fault = State(), ""
    try:
        state = registry.state(quiz)
    except RegistryError as error:
        fault = str(error)
    read = [_entry(registry, quiz, version, state) for version in registry.versions(quiz)]
    entries = [each._replace(fits=made_for == meaning if meaning and made_for else None) for each, made_for in read]
    return Roster(quiz, state, fault, entries)


def as_text(listed: Roster) -> str:
    """Return the models as lines of a table."""
    return "\n".join(_lines(listed))


def as_json(listed: Roster) -> dict[str, Any]:
    """Return the models, what serves and how that came about, for programs."""
    challenger = listed.state.challenger
    return {
        "quiz": listed.quiz,
        "serving": listed.state.serving,
        "challenger": None if challenger is None else vars(challenger) | {"since": challenger.since.isoformat()},
        "fault": listed.fault,
        "models": [
            each._asdict() | {"made_at": each.made_at.isoformat() if each.made_at else None} for each in listed.entries
        ],
        "history": [vars(event) | {"at": event.at.isoformat()} for event in listed.state.history],
    }


class CardComparison(NamedTuple):
    """The figures of two cards by name; None where a card has none of that name."""

    one: str
    other: str
    rows: Sequence[tuple[str, Any, Any]]


def compare(registry: Registry, listed: Roster, one: str, other: str = "") -> CardComparison:
    """Return the figures of two models, or of one and of what serves; of the rules those that its card has of them."""
    other = other or (listed.state.serving if listed.state.serving != one else RULES)
    cards = {name: registry.card(listed.quiz, name) for name in (one, other) if name != RULES}
    card = next(iter(cards.values()), {})
    rules = {"metrics": {"model": card.get("metrics", {}).get(RULES, {})}}
    left, right = (dict(_figures(cards.get(name, rules))) for name in (one, other))
    rows = [(name, left.get(name), right.get(name)) for name in dict.fromkeys([*left, *right])]
    return CardComparison(one, other, rows)


def comparison_as_text(comparison: CardComparison) -> str:
    """Return two cards side by side, a figure a line; * marks what differs."""
    lines = [f"  {'':<44} {comparison.one:<26} {comparison.other}"]
    for name, left, right in comparison.rows:
        lines.append(f"{'*' if left != right else ' '} {name:<44} {_word(left):<26} {_word(right)}".rstrip())
    return "\n".join(lines)


def comparison_as_json(comparison: CardComparison) -> dict[str, Any]:
    """Return two cards' figures, for programs."""
    return {
        "one": comparison.one,
        "other": comparison.other,
        "figures": {name: [left, right] for name, left, right in comparison.rows},
    }


def _entry(registry: Registry, quiz: str, version: str, state: State) -> tuple[Entry, str]:
    """Return a version, and the meaning of the quiz that it was made for."""
    try:
        manifest, card = registry.check(quiz, version), registry.card(quiz, version)
    except RegistryError as error:
        return Entry(version, BROKEN, fault=str(error)), ""
    data, metrics = card.get("data", card), card.get("metrics", {})
    losses = {name: metrics[name]["log_loss"] for name in _JUDGED if "log_loss" in metrics.get(name, {})}
    entry = Entry(
        version,
        _place(version, state),
        made_at=manifest.made_at,
        quiz_version=manifest.quiz_version,
        simulated=manifest.simulated,
        purchases=data.get("purchases"),
        log_loss=losses,
    )
    return entry, manifest.meaning


def _place(version: str, state: State) -> str:
    if version == state.serving:
        return SERVING
    return CHALLENGER if state.challenger and state.challenger.version == version else KEPT


def _lines(listed: Roster) -> Iterator[str]:
    state = listed.state
    yield f"{listed.quiz}: {'the rules serve' if state.serving == RULES else f'{state.serving} serves'}"
    if listed.fault:
        yield listed.fault
    if challenger := state.challenger:
        share = f"{challenger.share:.0%} of the shoppers, {challenger.size:,} offers planned"
        yield f"{challenger.version} challenges it since {challenger.since:%Y-%m-%d %H:%M} UTC: {share}"
    if not listed.entries:
        yield f"No model yet; quizfunnel train {listed.quiz} makes one"
        return
    yield ""
    heads = [f"log-loss: {name}" if name == "model" else name for name in _JUDGED]
    yield f"{'version':<23} {'state':<11} {'quiz':<13} {'purchases':>9}  {heads[0]:>15} {heads[1]:>9} {heads[2]:>11}"
    yield from (_line(each) for each in listed.entries)
    for each in listed.entries:
        if each.fault:
            yield each.fault
    if state.history:
        yield ""
        yield from map(_change, state.history[-_LATEST:])


def _change(event: ServingChange) -> str:
    relation = "was" if event.what in (PROMOTED, ROLLED_BACK) else "beside"
    change = f"{event.at:%Y-%m-%d %H:%M} {event.what}: {event.version} ({relation} {event.was})"
    return f"{change}: {event.why}" if event.why else change


def _line(each: Entry) -> str:
    purchases = "" if each.purchases is None else f"{each.purchases:,.0f}"
    losses = [f"{each.log_loss[name]:.4f}" if name in each.log_loss else "" for name in _JUDGED]
    facts = f"{each.version:<23} {each.state:<11} {each.quiz_version[:12]:<13} {purchases:>9}"
    figures = f"{losses[0]:>15} {losses[1]:>9} {losses[2]:>11}"
    other = "  for answers that meant something else; the rules serve" if each.fits is False else ""
    return f"{facts}  {figures}{'  simulated' if each.simulated else ''}{other}".rstrip()


def _figures(card: Mapping[str, Any], name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield a card's leaves, single figures and words, each named by its path."""
    for key, value in card.items():
        path = f"{name}.{key}" if name else key
        if isinstance(value, Mapping):
            yield from _figures(value, path)
        elif isinstance(value, str | int | float):
            yield path, value


def _word(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
