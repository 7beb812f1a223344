"""Record of what the staff, and the command, did, for admins."""

from flask import Blueprint, Response

from quizfunnel.store.transaction import reading
from quizfunnel.web.render import render
from quizfunnel.web.staff import audit, gate, login, roles
from quizfunnel.web.staff.pages import AuditLine, AuditPage, shown
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
gate.guard(blueprint, roles.AUDIT)


@blueprint.get("")
def page() -> Response:
    """Show the latest deeds."""
    with reading(wiring().engine) as connection:
        entries = audit.recent(connection)
    lines = tuple(
        AuditLine(
            shown(each.at),
            each.who or "the command",
            audit.WORDS.get(each.action, each.action),
            each.subject,
            ", ".join(f"{name}: {value}" for name, value in each.detail.items()),
        )
        for each in entries
    )
    return render("staff/audit.html", AuditPage("en", "What was done", login.bar(), lines, audit.SHOWN))
