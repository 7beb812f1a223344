"""One contender on one split, in a process of its own; what was run before with the same content is read again."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.recommender import peers
from benchmarks.recommender.data import Choices, Floats
from benchmarks.recommender.environment import Environment
from benchmarks.recommender.ours import OURS
from benchmarks.recommender.rules import points, scores
from benchmarks.recommender.splits import Split
from quizfunnel import recommend

# Threads that wait by spinning take the other core from whoever works beside them.
QUIET = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1"}
HERE = Path(__file__).parent
LIMIT = 3 * 3600  # seconds of one contender on one split: nothing is waited for all night
PACKAGE = {
    "LogisticRegression": "scikit-learn",
    "LogisticRegression, places": "scikit-learn",
    "LightGBM": "lightgbm",
    "CatBoost": "catboost",
    "Vowpal Wabbit": "vowpalwabbit",
    "MABWiser LinUCB": "mabwiser",
}
# What our learners are made of: a change there is a new result.
_LEARNERS = ("additive", "boosting", "choice", "estimator", "losses")

Tell = Callable[[str], None]


class Result(NamedTuple):
    """Scores of the test rows [n, I], how they were come by, and whether an earlier run left them."""

    scores: Floats
    about: dict[str, Any]
    cached: bool


class Contest:
    """One split of a data set, written down once for all contenders."""

    def __init__(self, choices: Choices, split: Split, environment: Environment, *, tell: Tell) -> None:
        """Write the problem where the contenders read it."""
        self.environment, self.tell = environment, tell
        arrays = _arrays(choices, split)
        self.given = peers.Problem(**arrays)
        self._content = digest(array.tobytes() for array in arrays.values())
        self.problem = environment.cache / f"{choices.name}-{self._content}.problem.npz"
        if not self.problem.exists():
            np.savez_compressed(self.problem, allow_pickle=False, **arrays)

    def run(self, name: str, asked: int | dict[str, Any]) -> Result:
        """Tune one contender with the first so many settings, or fit the one given; RuntimeError when it fails."""
        said = _said(name, self.given, asked)
        out = self.environment.cache / f"{self.problem.stem.split('.')[0]}-{self._key(name, said)}.npz"
        cached = out.exists()
        if not cached:
            self.tell(f"  {name} ...")
            done = subprocess.run(
                [*self._command(name), name, str(self.problem), str(out), *said],
                capture_output=True,
                text=True,
                timeout=LIMIT,
                env=os.environ | QUIET,
                check=False,
            )
            if done.returncode:
                raise RuntimeError(f"{name} failed: {(done.stderr.strip().splitlines() or ['nothing said'])[-1]}")
        with np.load(out) as stored:
            return Result(stored["scores"].astype(float), json.loads(str(stored["about"])), cached)

    def _command(self, name: str) -> list[str]:
        if name in OURS:
            return [sys.executable, "-m", "benchmarks.recommender.ours"]
        return [str(self.environment.python), str(HERE / "peers.py")]

    def _key(self, name: str, said: list[str]) -> str:
        """Return a name for everything that the result depends on."""
        if name in OURS:
            files = [HERE / "ours.py", *([] if name == "popularity" else learners())]
            return digest([name.encode(), *map(str.encode, said), *(file.read_bytes() for file in files)])
        version = self.environment.versions.get(PACKAGE[name], "")
        return digest([name.encode(), version.encode(), *map(str.encode, said), (HERE / "peers.py").read_bytes()])


def learners() -> list[Path]:
    """Return the files that our learners are made of."""
    return [Path(recommend.__path__[0]) / f"{part}.py" for part in _LEARNERS]


def contenders(choices: Choices, environment: Environment) -> list[str]:
    """Return the contenders: those that are installed, and places only where sets vary."""
    there = [name for name, package in PACKAGE.items() if package in environment.versions]
    if choices.shown.all():
        there.remove("LogisticRegression, places")
    return ["popularity", *there, *(name for name in OURS if name != "popularity")]


def _said(name: str, problem: peers.Problem, asked: int | dict[str, Any]) -> list[str]:
    """Return the settings as a contender is told them: nothing where it tries all of its own."""
    if isinstance(asked, dict):
        return [json.dumps([asked])]
    known = (OURS | peers.PEERS)[name].settings(problem)
    return [] if asked >= len(known) else [json.dumps(known[:: len(known) // asked][:asked])]


def _arrays(choices: Choices, split: Split) -> dict[str, np.ndarray[Any, Any]]:
    rules = scores(points(choices.take(split.pilot)), choices.answers)
    return {
        "answers": choices.answers,
        "ordered": choices.ordered,
        "shown": choices.shown,
        "chosen": choices.chosen,
        "features": choices.features,
        "rules": rules.astype(np.float32),
        "train": split.train,
        "validation": split.validation,
        "test": split.test,
    }


def digest(parts: Iterable[bytes]) -> str:
    """Return a short name for a content."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
        found.update(b"\x00")
    return found.hexdigest()[:16]
