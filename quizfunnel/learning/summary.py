"""Summary of a training's outcome, in words and as JSON; pure."""

from collections.abc import Mapping
from typing import Any

from quizfunnel.learning.outcome import TrainingOutcome

_HEAD = f"{'':12}{'log-loss a purchase':>20}{'against the rules, 95 % interval':>36}{'calibration error':>20}"
_DID = {
    "challenger": "It challenges what serves",
    "kept": "It was not promoted and serves nobody",
}


def as_text(outcome: TrainingOutcome, *, quiz: str) -> str:
    """Return the table of metrics, and what became of the model and why."""
    card, lines = outcome.card, []
    if outcome.decision is not None:
        lines.append(outcome.decision.sentence)
    if outcome.note:
        lines.append(outcome.note)
    if card["metrics"]:
        lines += ["On the latest fifth of the time:", _HEAD]
        lines += [_row(name, score) for name, score in card["metrics"].items()]
    if card["replay"]:
        lines.append(f"On the latest {card['replay']['offers']:,} offers, replayed: {card['replay']['says']}")
    simulated = " from SIMULATED shoppers" if card["data"]["simulated"] else ""
    lines += [
        card["rules"]["says"],
        f"Stored {outcome.version}, learnt{simulated} from {card['data']['purchases']:,.0f} purchases.",
        f"{_DID[outcome.became]}: {outcome.why}.",
        f"Its card: models/{quiz}/{outcome.version}/card.md",
    ]
    return "\n".join(lines)


def as_json(outcome: TrainingOutcome) -> dict[str, Any]:
    """Return the same as plain values."""
    decision = None if outcome.decision is None else outcome.decision._asdict()
    return {
        "version": outcome.version,
        "became": outcome.became,
        "why": outcome.why,
        "challenge": decision,
        "note": outcome.note,
        "card": dict(outcome.card),
    }


def _row(name: str, score: Mapping[str, Any]) -> str:
    against = score["against_rules"]
    gap = f"{against['value']:+.4f} [{against['low']:+.4f}, {against['high']:+.4f}]" if against else ""
    return f"{name:12}{score['log_loss']:>20.4f}{gap:>36}{score['calibration_error']:>20.0%}"
