"""Model card: what a model was learnt from, how it was chosen and judged, and what it must not be taken for; pure.

`card_of` gives it as plain JSON values, `card_text` the same as Markdown to be read.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from math import isfinite
from typing import Any

from quizfunnel.recommend.learners.estimator import CONFIDENCE, QuizRecommender
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.training.dataset import SHIFT, Score
from quizfunnel.recommend.training.grouped_log import Counts
from quizfunnel.recommend.training.scores import Difference
from quizfunnel.recommend.training.train import ENOUGH, TrainedModel

LIMITS = (
    "It orders products for shoppers who finish this quiz; it says nothing of those who leave it.",
    "It was learnt from what was shown: of products that were hardly ever shown it knows little more than the rules.",
    "What is bought after an offer is not what the quiz caused: that is measured by the holdout alone.",
)


def card_of(trained: TrainedModel, counts: Counts, policy: PlackettLucePolicy, *, at: datetime) -> dict[str, Any]:
    """Return the card of a model as plain JSON values."""
    return {
        "made_at": at.isoformat(),
        "data": _data(trained, counts),
        "rules": _rules(trained.fitted),
        "chosen": trained.setting._asdict(),
        "seed": trained.fitted.random_state,
        "grid": [each.setting._asdict() | {"log_loss": each.log_loss} for each in trained.tried],
        "metrics": {name: _score(score) for name, score in trained.judged.scores.items()},
        "passed": trained.judged.passed,
        "why": trained.judged.why,
        "calibration": [
            {"from": start, "to": end, "expected": expected, "bought": bought}
            for (start, end), (expected, bought) in zip(_spans(counts), trained.calibration_by_part, strict=False)
        ],
        "drift": {
            "stability": dict(trained.drift.stability),
            "shifted": list(trained.drift.shifted),
            "unseen_answers": trained.drift.unseen,
        },
        "not_comparable": {version: dict(columns) for version, columns in trained.unlike.items()},
        "attributes": list(trained.features),
        "policy": {"temperature": policy.temperature, "epsilon": policy.epsilon},
        "limits": list(LIMITS),
    }


def card_text(card: Mapping[str, Any], *, quiz: str) -> str:
    """Return a card as Markdown."""
    data = card["data"]
    who = "**simulated** shoppers of the demo" if data["simulated"] else "shoppers"
    parts = [
        f"# A model for the quiz `{quiz}`",
        f"Made {card['made_at'][:16].replace('T', ' ')} UTC from the log of {who}, {data['from']} to {data['to']}.",
        "## What it was learnt from",
        _bullets(_data_lines(data)),
        "## The merchandiser's rules",
        card["rules"]["says"],
        "## How it was judged",
        card["why"][:1].upper() + card["why"][1:] + ".",
        _table_of_metrics(card["metrics"]),
        _replay(card.get("replay")),
        _grid(card),
        _chosen(card),
        "## Over time",
        _calibration(card["calibration"]),
        _drift(card["drift"]),
        "## Answers of older versions of the quiz",
        _unlike(card["not_comparable"]),
        "## What it must not be taken for",
        _bullets(card["limits"]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _data(trained: TrainedModel, counts: Counts) -> dict[str, Any]:
    facts = counts.facts
    spans = _spans(counts)
    return {
        "simulated": facts.simulated,
        "from": spans[0][0] if spans else "",
        "to": spans[-1][1] if spans else "",
        "offers": facts.offers,
        "offers_waiting": facts.waiting,
        "window_days": facts.window_days,
        "purchases": trained.fitted.purchases_,
        "purchases_gone": counts.purchases - trained.fitted.purchases_,
        "purchases_elsewhere": facts.elsewhere,
        "purchases_unreadable": facts.unreadable,
        "patterns": len(counts.patterns),
        "pairs": trained.pairs,
        "products": len(trained.table.products),
        "products_gone": list(trained.gone),
        "order_lines": facts.lines,
        "order_lines_without_product": facts.lines_without_product,
        "positions": list(facts.positions),
        "pseudo_shoppers": trained.fitted.strength_,
        "sections": _purchases_by_section(counts),
    }


def _purchases_by_section(counts: Counts) -> dict[str, float]:
    """Return the purchases in each section of the offers; none where no offer has any."""
    numbered = sorted(enumerate(counts.sections), key=lambda each: each[1])
    bought = {name: float(counts.bought[counts.section == n].sum()) for n, name in numbered}
    return bought if any(bought) else {}


def _data_lines(data: Mapping[str, Any]) -> list[str]:
    places = ", ".join(f"{weight:.2f}" for weight in data["positions"])
    waiting = f"{data['offers_waiting']:,} more are still within them, and left out"
    elsewhere = f"{data['purchases_elsewhere']:,} of something else are left out"
    sizes = f"{data['patterns']:,} distinct sets of answers, {data['products']:,} products"
    lines = [
        f"{data['offers']:,} offers that were seen and whose {data['window_days']} days are over; {waiting}.",
        f"{data['purchases']:,.0f} purchases of what was shown; {elsewhere}.",
        f"{sizes}, {data['pairs']:,} pairs of them that were shown.",
        f"{data['order_lines_without_product']:,} of the store's {data['order_lines']:,} order lines found no product.",
        f"Each place of an offer is looked at, compared with the first: {places}.",
    ]
    if sections := data.get("sections"):
        bought = ", ".join(f"{name or 'offers without sections'} {count:,.0f}" for name, count in sections.items())
        lines.append(f"Products are compared within each section of an offer, which has a level of its own: {bought}.")
    if data["pseudo_shoppers"]:
        lines.append(
            f"{data['pseudo_shoppers']:.0f} pseudo-shoppers who buy as the rules say stand beside the real ones."
        )
    if data["purchases_unreadable"]:
        unreadable = f"{data['purchases_unreadable']:,} purchases"
        lines.append(f"{unreadable} are left out, of versions of the quiz that this release cannot read.")
    if data["products_gone"]:
        bought = f"with {data['purchases_gone']:,.0f} purchases"
        lines.append(f"Gone from the catalogue, and left out {bought}: {', '.join(data['products_gone'])}.")
    return lines


def _rules(fitted: QuizRecommender) -> dict[str, Any]:
    """Return the support of the rules; limits are None where they gave no points to what was shown."""
    if not isfinite(fitted.slope_error_):
        says = "The rules gave no points to what was shown, so that nothing can be said of them."
        return {"slope": fitted.slope_, "low": None, "high": None, "supported": None, "says": says}
    low, high = (fitted.slope_ + sign * CONFIDENCE * fitted.slope_error_ for sign in (-1, 1))
    supported = fitted.rules_supported_
    figures = f"a point counts {fitted.slope_:.2f} times what it does alone (95 % interval {low:.2f} to {high:.2f})"
    says = {
        True: f"The rules are supported by what people buy: {figures}.",
        False: f"The rules are not supported by what people buy: {figures}. Look at the points of the quiz file.",
        None: f"The log cannot tell yet whether the rules are supported by what people buy: {figures}.",
    }[supported]
    return {"slope": fitted.slope_, "low": low, "high": high, "supported": supported, "says": says}


def _score(score: Score) -> dict[str, Any]:
    against: Difference | None = score.against
    return {
        "log_loss": score.log_loss,
        "calibration_error": score.calibration,
        "against_rules": None if against is None else against._asdict(),
    }


def _table_of_metrics(metrics: Mapping[str, Any]) -> str:
    if not metrics:
        return ""
    rows = ["| | log-loss a purchase | against the rules, 95 % interval | calibration error |", "|---|---|---|---|"]
    for name, score in metrics.items():
        against = score["against_rules"]
        gap = f"{against['value']:+.4f} [{against['low']:+.4f}, {against['high']:+.4f}]" if against else ""
        rows.append(f"| {name} | {score['log_loss']:.4f} | {gap} | {score['calibration_error']:.0%} |")
    return "\n".join(rows)


def _replay(replay: Mapping[str, Any] | None) -> str:
    return f"On the latest {replay['offers']:,} offers, replayed: {replay['says']}" if replay else ""


def _grid(card: Mapping[str, Any]) -> str:
    if not card["grid"]:
        small = card["data"]["purchases"] < ENOUGH
        return f"No settings were tried: the log is {'too small' if small else 'so large that it decides by itself'}."
    rows = ["| learners | penalties x | pseudo-shoppers | log-loss, fourth part of the time |", "|---|---|---|---|"]
    for each in card["grid"]:
        setting = f"{each['learners']} | {each['multiplier']:g} | {each['prior_strength']:g}"
        rows.append(f"| {setting} | {each['log_loss']:.4f} |")
    return "\n".join(rows)


def _chosen(card: Mapping[str, Any]) -> str:
    chosen, policy = card["chosen"], card["policy"]
    settings = f"{chosen['learners']}, penalties x {chosen['multiplier']:g}, seed {card['seed']}"
    rules = f"{chosen['prior_strength']:g} pseudo-shoppers where the log is empty"
    lines = [
        f"Learnt with {settings}, {rules}.",
        f"Replayed with the policy that serves: temperature {policy['temperature']:g}, epsilon {policy['epsilon']:g}.",
    ]
    if card["attributes"]:
        lines.append(f"Products are alike by: {', '.join(card['attributes'])}.")
    return _bullets(lines)


def _calibration(parts: list[Mapping[str, Any]]) -> str:
    if not parts:
        return ""
    rows = ["| from | to | purchases expected | bought |", "|---|---|---|---|"]
    rows += [f"| {each['from']} | {each['to']} | {each['expected']:.1f} | {each['bought']:.0f} |" for each in parts]
    return "\n".join(rows)


def _drift(drift: Mapping[str, Any]) -> str:
    ranked = sorted(drift["stability"].items(), key=lambda each: -each[1])
    moved, still = (
        ", ".join(f"{name} ({value:.2f})" for name, value in ranked if (name in drift["shifted"]) is shifted)
        for shifted in (True, False)
    )
    over = f"population stability index over {SHIFT:g} and over what chance makes"
    shifts = f"Answers that shifted ({over}): {moved or 'none'}."
    stayed = f" Those that did not: {still}." if still else ""
    unseen = f"{drift['unseen_answers']:.0%} of the latest offers were for sets of answers not seen before."
    return f"{shifts}{stayed} {unseen}"


def _unlike(versions: Mapping[str, Mapping[str, str]]) -> str:
    if not versions:
        return "All answers are comparable."
    lines = [
        f"Version {version[:12]}: " + "; ".join(f"{name} ({why})" for name, why in columns.items())
        for version, columns in versions.items()
    ]
    return "These count as never asked, all others were used.\n\n" + _bullets(lines)


def _spans(counts: Counts) -> list[tuple[str, str]]:
    days = [datetime.fromtimestamp(bound / 1000, UTC).date().isoformat() for bound in counts.bounds]
    return list(pairwise(days))


def _bullets(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
