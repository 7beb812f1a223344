"""The peers' interpreter: an environment of its own in a folder that git leaves out."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HOME = Path("var/benchmarks/loop")
PEERS = "mabwiser==2.7.4"


def peers(home: Path = HOME) -> Path:
    """Return an interpreter that has the peers, fetched at the first time; RuntimeError where they can't be."""
    python = home / "peers" / "bin" / "python"
    ready = home / "peers" / f"{PEERS}.ready"
    if not ready.exists():
        _must([sys.executable, "-m", "venv", "--clear", str(home / "peers")])
        _must([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", PEERS])
        ready.touch()
    return python


def started(python: Path, shoppers: int, seeds: int, tuning: int) -> "subprocess.Popen[str]":
    """Start the peers' part of the comparison beside ours."""
    command = [str(python), "-m", "benchmarks.loop.peers", str(shoppers), str(seeds), str(tuning)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def answered(process: "subprocess.Popen[str]") -> list[dict[str, Any]]:
    """Return the peers' rows when they are done."""
    out, complaint = process.communicate()
    if process.returncode:
        raise RuntimeError(f"the peers failed: {(complaint.strip().splitlines() or ['no word'])[-1]}")
    rows: list[dict[str, Any]] = json.loads(out)
    return rows


def _must(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[1:])} failed: {(done.stderr.strip().splitlines() or ['no word'])[-1]}")
