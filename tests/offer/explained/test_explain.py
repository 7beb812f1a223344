"""`quizfunnel explain`: an offer taken apart adds up, says why not, and stays true to what was logged."""

import json
import os
import random
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from quizfunnel import cli
from quizfunnel.kit.clock import SetClock
from quizfunnel.recommend.registry.folder import Registry
from quizfunnel.recommend.registry.state import Challenge
from quizfunnel.recommend.serving.score_model import ModelTable
from quizfunnel.settings import Settings
from tests import cast
from tests.cast import NOON
from tests.journey.answers import ANSWERS
from tests.pages import Shopper
from tests.recommend.trained import coffee_model, package


@pytest.fixture
def shopper(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Shopper:
    """Give somebody who takes the quiz in the store that the command works in."""
    for name in [name for name in os.environ if name.startswith("QUIZFUNNEL_") and "TEST" not in name]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QUIZFUNNEL_STORE", str(settings.store))
    monkeypatch.setenv("QUIZFUNNEL_DATABASE_URL", settings.database)
    return Shopper(app)


@pytest.fixture
def registry(settings: Settings) -> Registry:
    """Give the registry of the store."""
    return Registry(settings.store / "models")


def run(*arguments: str) -> Result:
    """Run `quizfunnel explain`."""
    return CliRunner().invoke(cli.main, ("explain", *arguments))


def facts(*arguments: str) -> Any:
    """Return what it says as JSON."""
    said = run(*arguments, "--json")
    assert said.exit_code == 0, said.output
    return json.loads(said.stdout)


def finish(shopper: Shopper, **changes: tuple[str, ...]) -> str:
    """Take the quiz; return the attempt."""
    return shopper.finish(ANSWERS | changes).split("/")[2]


def test_it_works(shopper: Shopper) -> None:
    """Answers, products with every part, and for those that were kept out the rule that did it."""
    attempt = finish(shopper)
    said = run(attempt)
    assert said.exit_code == 0, said.output
    assert "chosen 2026-03-02 12:00 UTC by the rules" in said.stdout
    assert "Up to £30" in said.stdout
    # the order is drawn: the best one is mostly first, and always among the few that the answers leave
    assert re.search(r"[1-3]\. Dark Bean \(dark-bean\): score \+0\.540", said.stdout)
    assert "“For espresso”" in said.stdout
    kept_out = next(line for line in said.stdout.splitlines() if line.startswith("  dark-ground"))
    assert "grinder: requires tag:whole-bean" in kept_out
    assert next(line for line in said.stdout.splitlines() if line.startswith("  sold-out")).endswith(
        "sold out or withdrawn"
    )


def test_the_parts_add_up_to_the_score(shopper: Shopper, registry: Registry) -> None:
    """With a model in a challenge: the rules' and the learnt parts and the base; the chances of leading sum to one."""
    old, new = registry.save(package(coffee_model(best="nutty"))), registry.save(package(coffee_model(0.3)))
    registry.promote("coffee", old, why="", at=NOON)
    registry.challenge("coffee", Challenge(new, 0.5, 100, NOON))
    found = facts(finish(shopper, brew=("moka",)))
    assert {found["model"], found["rival"]} == {old, new}
    assert found["model_share"] == 0.5
    assert found["notes"] == []
    every = found["chosen"] + found["others"]
    assert [each["rank"] for each in found["chosen"]] == list(range(1, len(found["chosen"]) + 1))
    for each in every:
        total = each["base"] + sum(part["rules"] + part["learnt"] for part in each["parts"])
        assert total == pytest.approx(each["score"], abs=1e-9)
    assert sum(each["first"] for each in every) == pytest.approx(1)
    assert found["chosen"][0]["propensity"] == pytest.approx(found["chosen"][0]["first"])
    for n in range(len(every[0]["parts"])):
        assert sum(each["parts"][n]["beside"] for each in every) == pytest.approx(0, abs=1e-9)


NAMED = {
    "espresso": "brew",
    "“Filter”": "brew",
    "First thing": "moment",
    "After dinner": "moment",
    "Strength": "strength",
}
"""Words of reasons, and the question that each is of; reasons of hard rules name none of them."""


def random_model(seed: int) -> ModelTable:
    """Return a model of the coffee quiz that has learnt something, whatever, of every answer.

    Some products have lost with every answer to a question, though less with one than with another.
    """
    draw, model = random.Random(seed), coffee_model()  # noqa: S311 - no secret
    blocks = []
    for block in model.rows:
        lost = [draw.gauss(0.0, 1.0) for _ in model.products]
        blocks.append(tuple(tuple(draw.gauss(mean, 0.5) for mean in lost) for _ in block))
    return replace(model, rows=tuple(blocks))


def test_reasons_agree_with_the_explanation(shopper: Shopper, registry: Registry) -> None:
    """By the rules and by models: what a reason names raised the score, by itself and beside the mean."""
    asked = [
        {"brew": ("espresso",), "strength": ("4",)},
        {"brew": ("filter",), "moment": ("evening",), "strength": ("2",)},
    ]
    named = 0
    for seed in range(4):
        if seed:
            registry.promote("coffee", registry.save(package(random_model(seed))), why="", at=NOON)
        for answers in asked:
            for product in facts(finish(shopper, **answers))["chosen"]:
                parts = {part["question"]: part for part in product["parts"]}
                for reason in product["reasons"]:
                    question = next((NAMED[words] for words in NAMED if words in reason), None)
                    if question is None:
                        continue
                    part, named = parts[question], named + 1
                    assert part["beside"] > 0, (reason, part)
                    assert part["learnt"] + (part["rules"] if question != "strength" else 0) >= 0, (reason, part)
    assert named


def test_one_product_alone(shopper: Shopper) -> None:
    """Its reasons for or against; an id that is none is refused."""
    attempt = finish(shopper)
    assert [each["product"] for each in facts(attempt, "--product", "dark-bean")["chosen"]] == ["dark-bean"]
    assert facts(attempt, "--product", "nutty")["forbidden"][0]["forbidden"]
    said = run(attempt, "--product", "tea")
    assert said.exit_code == 2
    assert "no product `tea` is in the catalogue of `coffee`" in said.output


def test_a_model_that_is_gone_leaves_what_was_logged(shopper: Shopper, registry: Registry) -> None:
    """It says so; score, chance and reasons are the log's, and nothing is made up."""
    version = registry.save(package(coffee_model(best="light-bean")))
    registry.promote("coffee", version, why="", at=NOON)
    attempt = finish(shopper)
    before = facts(attempt)
    shutil.rmtree(registry._folder / "coffee" / version)
    after = facts(attempt)
    (note,) = after["notes"]
    assert note.startswith("the model that chose can no longer be read, only what was logged")
    assert version in note
    logged = ("product", "rank", "score", "propensity", "reasons")
    for one, other in zip(before["chosen"], after["chosen"], strict=True):
        assert [one[name] for name in logged] == [other[name] for name in logged]
        assert (other["base"], other["first"]) == (None, None)
    assert "Note: the model that chose" in run(attempt).stdout


def test_what_changed_since_is_told(shopper: Shopper, settings: Settings, clock: SetClock) -> None:
    """Another strength, a product gone: the offer is explained as it was, with a note."""
    attempt = finish(shopper, strength=("5",))
    path = settings.store / "quizzes" / "catalogs" / "coffee.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    kept = [row.replace(",5.0,", ",1.0,") for row in rows if not row.startswith("light-bean")]
    path.write_text("\n".join(kept), encoding="utf-8")
    clock.advance(2)
    shopper.get("/q/coffee")  # whose look publishes it
    notes = " ".join(facts(attempt)["notes"])
    assert "no longer in the catalogue: light-bean" in notes
    assert "today's catalogue gives other scores than those that were logged: dark-bean" in notes


def test_rules_in_place_of_a_model_are_told(shopper: Shopper, registry: Registry) -> None:
    """Whoever reads it knows that a model should have chosen."""
    version = registry.save(package())
    registry.promote("coffee", version, why="", at=NOON)
    (registry._folder / "coffee" / version / "table.json").unlink()
    attempt = finish(shopper)
    assert facts(attempt)["fallback"] == "broken"
    assert "by the rules in place of a model that could not serve (broken)" in run(attempt).stdout


@pytest.mark.parametrize("attempt", ["nope", "f" * 32, "'; DROP TABLE offer; --"])
def test_an_attempt_that_is_none_is_told(attempt: str, shopper: Shopper) -> None:
    """Exit 2 and where ids stand."""
    said = run(attempt)
    assert said.exit_code == 2
    assert "there is no attempt" in said.output


def test_an_attempt_without_an_offer_is_told(shopper: Shopper) -> None:
    """Nothing was chosen before the last answer."""
    said = run(shopper.start().split("/")[2])
    assert said.exit_code == 2
    assert "is not finished" in said.output


def test_many_others_are_counted(shopper: Shopper, settings: Settings, clock: SetClock) -> None:
    """A large catalogue: the best of the others, how many more there are, and the way to all of them."""
    path: Path = settings.store / "quizzes" / "catalogs" / "coffee.csv"
    text = path.read_text(encoding="utf-8")
    more = "".join(f"more-{n},More {n},12.00,GBP,/p/{n},whole-bean,,3,S{n}\n" for n in range(30))
    none = "".join(f"none-{n},None {n},12.00,GBP,/n/{n},ground,,3,N{n}\n" for n in range(30))
    path.write_text(text.rstrip() + "\n" + more + none, encoding="utf-8")
    clock.advance(2)
    said = run(finish(shopper)).stdout
    assert "  and 22 more\n" in said
    assert "more; --json has all, --product one of them" in said


def test_answers_in_texts_are_said(shopper: Shopper, settings: Settings, clock: SetClock) -> None:
    """Reasons, answers and rules repeat the answer that a question named, and no brace."""
    brew, grinder, *others = [dict(each) for each in cast.COFFEE["questions"]]  # type: ignore[attr-defined]
    grinder["ask"] = "Do you own a grinder for your {brew}?"
    cast.write_store(settings.store, questions=[brew, grinder, *others])
    clock.advance(2)
    attempt = finish(shopper)
    said = run(attempt).stdout + run(attempt, "--product", "dark-ground").stdout
    assert "Do you own a grinder for your Espresso?" in said
    assert "{brew" not in said
    assert facts(attempt)["answers"]["grinder"] == "Do you own a grinder for your Espresso? Yes"
