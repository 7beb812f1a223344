"""Disclosures as files: written for the shop's owner alone, and deleted once one of the people in them is forgotten."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from quizfunnel.kit import files
from quizfunnel.privacy.bodies import KeptBody
from quizfunnel.privacy.subjects import Subjects


def write(folder: Path, name: str, record: dict[str, Any]) -> Path:
    """Write a disclosure that only its owner can read; return its path."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{name}.json"
    path.touch(mode=0o600)
    files.write(path, json.dumps(record, indent=2, ensure_ascii=False).encode())
    return path


def remove(folder: Path, forgotten: Subjects, concerns: Callable[[KeptBody], bool]) -> int:
    """Delete the disclosures that have one of these people or orders, or a body that `concerns` holds for."""
    gone = [path for path in folder.glob("*.json") if _has(path, forgotten, concerns)]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _has(path: Path, forgotten: Subjects, concerns: Callable[[KeptBody], bool]) -> bool:
    """Tell whether a file has one of them, wherever in it; one that cannot be read might."""
    try:
        text = path.read_text("utf-8")
        record = json.loads(text)
        orders = {(row["source"], row["order_id"]) for row in record["orders"]}
        deliveries = [KeptBody(row["id"], row["source"], _bytes(row["body"])) for row in record["deliveries"]]
    except FileNotFoundError:
        return False
    except (ValueError, KeyError, TypeError):
        return True
    if any(id in text for id in (*forgotten.visitors, *forgotten.attempts, *forgotten.leads)):
        return True
    return not orders.isdisjoint(forgotten.orders | forgotten.linked) or any(map(concerns, deliveries))


def _bytes(body: Any) -> bytes:
    """Return a body as the shop sent it, but for its spaces."""
    return (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)).encode(errors="replace")
