"""The printed table says what was found, beside what was aimed at."""

from typing import Any

from benchmarks.recommender.printed import table


def figures() -> dict[str, Any]:
    """Return a small comparison: one contender with chances and times, one with an order alone, one target missed."""
    timed = {"fit seconds": 1.5, "one row us": [5.0, 9.0], "cached": True, "settings": {}}
    sure = {
        "log-loss": [1.5, 1.4, 1.6],
        "log-loss - best peer": [0.01, -0.01, 0.02],
        "calibration error": [0.1, 0.0, 0.2],
    }
    hits = {"hit@1": [0.3, 0.2, 0.4], "hit@3": [0.7, 0.6, 0.8]}
    missed = {"what": "log-loss / CatBoost", "found": [1.01, 0.99, 1.02], "target": "<= 1.000", "met": False}
    compared = {
        "data": "small",
        "choices": 1200,
        "respondents": 400,
        "items": 3,
        "note": "asked",
        "failed": {"LightGBM": "no wheel"},
        "contenders": {"QuizRecommender": hits | sure | timed, "LinUCB": hits},
        "targets": [missed],
    }
    cell = {
        "data": "small",
        "form": "choice",
        "purchases": 200,
        "losses": {"rules": 1.7},
        "differences": {"prior - rules": [-0.02, -0.03, -0.01], "prior - none": [0, 0, 0], "useless - none": [0, 0, 0]},
        "slope": 0.5,
        "useless slope": 0.0,
    }
    published = {"trips": 6768, "ours": -5331.2521, "published": -5331.252, "within": 0.001, "met": True}
    return {"notes": ["said first"], "comparison": [compared], "prior": [cell], "published": published}


def test_a_missed_target_is_said_to_be_missed() -> None:
    """Nothing is met by being printed."""
    lines = [line for line in table(figures()).splitlines() if "target <=" in line]
    assert [line.split()[-1] for line in lines] == ["missed"]


def test_what_comes_from_an_earlier_run_is_marked() -> None:
    """A star behind the name; and no chance is printed of who has none."""
    lines = {line.split()[0]: line for line in table(figures()).splitlines() if line.strip()}
    assert lines["QuizRecommender"].split()[1] == "*"
    assert lines["LinUCB"].split()[1:3] == ["-", "-"]


def test_who_did_not_take_part_is_named_with_the_reason() -> None:
    """A peer that is not there is not silently beaten."""
    assert "LightGBM did not take part: no wheel" in table(figures())
