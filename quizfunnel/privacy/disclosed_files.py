"""Disclosures as files: written for the shop's owner alone, and deleted once one of the people in them is forgotten."""

import json
from pathlib import Path
from typing import Any

from quizfunnel.kit import files
from quizfunnel.privacy.subjects import Subjects


def write(folder: Path, name: str, record: dict[str, Any]) -> Path:
    """Write a disclosure that only its owner can read; return its path."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{name}.json"
    path.touch(mode=0o600)
    files.write(path, json.dumps(record, indent=2, ensure_ascii=False).encode())
    return path


def remove(folder: Path, forgotten: Subjects) -> int:
    """Delete the disclosures that have one of these people or orders; return how many."""
    gone = [path for path in folder.glob("*.json") if _has(path, forgotten)]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _has(path: Path, forgotten: Subjects) -> bool:
    """Tell whether a file has one of them; one that cannot be read might."""
    try:
        record = json.loads(path.read_text("utf-8"))
        visitors = {row["id"] for each in record["visitors"] for row in each["visitor"]}
        orders = {(row["source"], row["order_id"]) for row in record["orders"]}
        attempts = {row["id"] for row in record["attempts"]}
    except FileNotFoundError:
        return False
    except (ValueError, KeyError, TypeError):
        return True
    parts = (visitors, forgotten.visitors), (orders, forgotten.orders), (attempts, forgotten.attempts)
    return any(not theirs.isdisjoint(wanted) for theirs, wanted in parts)
