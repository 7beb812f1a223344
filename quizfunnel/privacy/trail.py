"""Audit trail of privacy: what was erased or shown, by digest alone, so that the trail itself tells of nobody."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from quizfunnel.kit.ids import new_id
from quizfunnel.web.tables import Audit

SHORT = 16  # digits of a digest that are enough to find it on the list


def leave(connection: Connection, action: str, *, subject: str, at: datetime, detail: Mapping[str, Any]) -> None:
    """Write down one act of the command, of a hook, or of a shopper."""
    text = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    connection.execute(insert(Audit).values(id=new_id(), at=at, action=action, subject=subject, detail=text))
