"""All contenders on all splits of one data set, as figures with intervals."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from benchmarks.recommender.contest import PACKAGE, Contest, Result, contenders
from benchmarks.recommender.data import Choices
from benchmarks.recommender.environment import Environment
from benchmarks.recommender.metrics import Judge, Outcome, outcome
from benchmarks.recommender.rules import points, scores
from benchmarks.recommender.splits import Split

OURS = "QuizRecommender"
NO_CHANCES = frozenset({"MABWiser LinUCB"})  # its scores are expected rewards: an order, and no log-odds
BOUNDS = {"ta_feng50": 0.995, "ta_feng300": 0.995}  # of our log-loss over the best peer's; 1 elsewhere
Tell = Callable[[str], None]


class Run(NamedTuple):
    """Run of one contender: its predictions on all splits' tests, one after the other, and each split's fit."""

    outcome: Outcome
    about: list[dict[str, Any]]
    cached: bool


def compare(
    choices: Choices, splits: Sequence[Split], environment: Environment, *, fits: int, tell: Tell
) -> dict[str, Any]:
    """Return every figure of one data set; settings are chosen on the first split among so many."""
    runs, failed = _runs(choices, splits, environment, fits=fits, tell=tell)
    judge = Judge(np.concatenate([choices.respondents[split.test] for split in splits]))
    peers = [name for name in runs if name in PACKAGE]
    best = min((name for name in peers if name not in NO_CHANCES), key=lambda name: runs[name].outcome.loss.mean())
    hitting = max(peers, key=lambda name: runs[name].outcome.hit3.mean())
    return {
        "data": choices.name,
        "choices": len(choices.chosen),
        "respondents": len(np.unique(choices.respondents)),
        "items": len(choices.items),
        "answers": len(choices.columns),
        "note": choices.note,
        "failed": failed,
        "best peer": best,
        "best peer at hit@3": hitting,
        "contenders": {name: _figures(name, run, runs[best], judge) for name, run in runs.items()},
        "targets": _targets(choices.name, runs, judge, (best, hitting)),
    }


def _runs(
    choices: Choices, splits: Sequence[Split], environment: Environment, *, fits: int, tell: Tell
) -> tuple[dict[str, Run], dict[str, str]]:
    contests = [Contest(choices, split, environment, tell=tell) for split in splits]
    found, failed = {"rules": _rules(choices, splits)}, {}
    for name in contenders(choices, environment):
        try:
            found[name] = _run(name, choices, splits, contests, _halves(found) if name == OURS else fits)
        except RuntimeError as error:
            failed[name] = str(error)
            tell(f"  {error}")
    return found, failed


def _run(name: str, choices: Choices, splits: Sequence[Split], contests: list[Contest], asked: Any) -> Run:
    """Tune on the first split, keep what won for the others."""
    first = contests[0].run(name, asked)
    results = [first, *(contest.run(name, first.about["settings"]) for contest in contests[1:])]
    return Run(_joined(choices, splits, results), [each.about for each in results], all(r.cached for r in results))


def _halves(found: dict[str, Run]) -> dict[str, Any]:
    """Return the gains of the recommender over each of its two learners."""
    halves = {"tables": "ChoiceTables", "boosted": "BoostedTables"}
    if not found.keys() >= set(halves.values()):
        raise RuntimeError(f"{OURS} needs both of its learners")
    return {half: found[name].about[0]["settings"] for half, name in halves.items()}


def _joined(choices: Choices, splits: Sequence[Split], results: Sequence[Result]) -> Outcome:
    judged = [
        outcome(result.scores, choices.shown[split.test], choices.chosen[split.test])
        for split, result in zip(splits, results, strict=True)
    ]
    return Outcome(*(np.concatenate(parts) for parts in zip(*judged, strict=True)))


def _rules(choices: Choices, splits: Sequence[Split]) -> Run:
    tables = points(choices.take(splits[0].pilot))
    found = [Result(scores(tables, choices.answers[split.test]), {}, cached=False) for split in splits]
    return Run(_joined(choices, splits, found), [], cached=False)


def _figures(name: str, run: Run, best: Run, judge: Judge) -> dict[str, Any]:
    found: dict[str, Any] = {"hit@1": list(judge.mean(run.outcome.hit1)), "hit@3": list(judge.mean(run.outcome.hit3))}
    if name not in NO_CHANCES:
        found |= {
            "log-loss": list(judge.mean(run.outcome.loss)),
            "log-loss - best peer": list(judge.mean(run.outcome.loss - best.outcome.loss)),
            "calibration error": list(judge.calibration_error(run.outcome)),
        }
    if run.about:
        one_row = np.concatenate([each["one_row"] for each in run.about]) * 1e6
        found |= {
            "fit seconds": float(np.median([each["seconds"] for each in run.about])),
            "one row us": [float(np.median(one_row)), float(np.percentile(one_row, 99))],
            "settings": run.about[0]["settings"],
            "cached": run.cached,
        }
    return found


def _targets(data: str, runs: dict[str, Run], judge: Judge, peers: tuple[str, str]) -> list[dict[str, Any]]:
    """Return each target beside the recommender's figure."""
    if OURS not in runs:
        return []
    ours, best, hitting = runs[OURS].outcome, runs[peers[0]].outcome, runs[peers[1]].outcome
    ratio, gain = judge.ratio(ours.loss, best.loss), judge.mean(ours.hit3 - hitting.hit3)
    bound = BOUNDS.get(data, 1.0)
    return [
        {
            "what": f"log-loss / {peers[0]}",
            "found": list(ratio),
            "target": f"<= {bound:.3f}",
            "met": ratio.value <= bound,
        },
        {"what": f"hit@3 - {peers[1]}", "found": list(gain), "target": ">= 0", "met": gain.value >= 0},
    ]
