"""Requests to reconcile, as the command makes them."""

from pathlib import Path
from typing import Any

from quizfunnel.orders.reconcile.run import ReconcileRequest


def asked(file: Path, **more: Any) -> ReconcileRequest:
    """Return what the command asks for by default, changed."""
    return ReconcileRequest(file, None, None, "UTC", simulated=False, before_refunds=False)._replace(**more)
