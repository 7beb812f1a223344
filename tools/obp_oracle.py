"""Write tests/recommend/offpolicy/obp.json: what the Open Bandit Pipeline 0.4.1 estimates from a small log.

Its own dependencies (torch, matplotlib, seaborn) are large, clash with ours, and play no part in its
estimators' arithmetic, so it is installed without them in an environment of its own:

    python3.11 -m venv var/obp
    var/obp/bin/python -m pip install numpy pandas scikit-learn
    var/obp/bin/python -m pip install --no-deps obp==0.4.1
    var/obp/bin/python tools/obp_oracle.py > tests/recommend/offpolicy/obp.json

The inputs are drawn by Python's own generator, which no release changes, and are written with the
answers. tests/recommend/offpolicy/test_estimators.py holds our estimators against these numbers to 1e-12.
"""

import importlib
import json
import random
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

OFFERS, PRODUCTS, SLOTS, RATE = 40, 5, 3, 0.4


def main() -> None:
    """Print inputs and answers as JSON."""
    given = inputs(random.Random(20260727))  # noqa: S311 - a seeded log
    answers = {"slots": [by_slot(given, slot) for slot in range(SLOTS)], "iips": item_position(given)}
    json.dump({"inputs": given, "answers": answers}, sys.stdout, separators=(",", ":"))


def inputs(rng: random.Random) -> dict[str, Any]:
    """Draw both policies' marginals [n, I, k], orders [n, k], rewards [n, k] and a model of rewards [n, I, k]."""
    behaviour = [distributions(rng) for _ in range(OFFERS)]
    return {
        "behaviour": behaviour,
        "target": [distributions(rng) for _ in range(OFFERS)],
        "orders": [rng.sample(range(PRODUCTS), SLOTS) for _ in range(OFFERS)],
        "rewards": [[float(rng.random() < RATE) for _ in range(SLOTS)] for _ in range(OFFERS)],
        "model": [[[rng.random() for _ in range(SLOTS)] for _ in range(PRODUCTS)] for _ in range(OFFERS)],
    }


def distributions(rng: random.Random) -> list[list[float]]:
    """Draw one distribution over products for each slot, [I, k]."""
    weights = [[rng.expovariate(1.0) + 0.1 for _ in range(PRODUCTS)] for _ in range(SLOTS)]
    return [[weights[slot][n] / sum(weights[slot]) for slot in range(SLOTS)] for n in range(PRODUCTS)]


def by_slot(given: dict[str, Any], slot: int) -> dict[str, float]:
    """Return IPW, SNIPW, DM and DR of one slot, each offer a round at this position."""
    ope = obp("obp.ope.estimators")
    log = arrays(given)
    rows = np.arange(OFFERS)
    action = log["orders"][:, slot]
    asked = {
        "reward": log["rewards"][:, slot],
        "action": action,
        "pscore": log["behaviour"][rows, action, slot],
        "action_dist": log["target"],
        "position": np.full(OFFERS, slot),
        "estimated_rewards_by_reg_model": log["model"],
    }
    estimators = {
        "ips": ope.InverseProbabilityWeighting(),
        "snips": ope.SelfNormalizedInverseProbabilityWeighting(),
        "dm": ope.DirectMethod(),
        "dr": ope.DoublyRobust(),
    }
    return {name: float(one.estimate_policy_value(**asked)) for name, one in estimators.items()}


def item_position(given: dict[str, Any]) -> float:
    """Return the slate estimator of the item-position model, IIPS, a sum over slots."""
    log = arrays(given)
    rows, slots = np.repeat(np.arange(OFFERS), SLOTS), np.tile(np.arange(SLOTS), OFFERS)
    action = log["orders"].ravel()
    estimator = obp("obp.ope.estimators_slate").SlateIndependentIPS(len_list=SLOTS)
    value = estimator.estimate_policy_value(
        slate_id=rows,
        reward=log["rewards"].ravel(),
        position=slots,
        pscore_item_position=log["behaviour"][rows, action, slots],
        evaluation_policy_pscore_item_position=log["target"][rows, action, slots],
    )
    return float(value)


def arrays(given: dict[str, Any]) -> dict[str, np.ndarray[Any, Any]]:
    """Return the inputs as arrays."""
    return {name: np.array(value) for name, value in given.items()}


def obp(name: str) -> Any:
    """Import one of its modules alone, with empty stand-ins for what its arithmetic does not use."""
    for absent in ("torch", "matplotlib", "matplotlib.pyplot", "seaborn"):
        sys.modules.setdefault(absent, ModuleType(absent))
    sys.modules["torch"].Tensor = type("Tensor", (), {})  # type: ignore[attr-defined]
    home = next(path for path in map(Path, sys.path) if (path / "obp" / "ope").is_dir()) / "obp"
    for package, folder in (("obp", home), ("obp.ope", home / "ope")):
        found = sys.modules.setdefault(package, ModuleType(package))
        found.__path__ = [str(folder)]
    return importlib.import_module(name)


if __name__ == "__main__":
    main()
