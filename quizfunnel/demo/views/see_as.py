"""Switch of the demo between the arms, for someone who tries it out and is left out of the figures.

Nothing of it is special to the shop or the snippet: the browser becomes another visitor, whom chance puts into the arm
that was chosen.
"""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.demo.views.parts import host, live_quizzes
from quizfunnel.experiment import arms
from quizfunnel.experiment.design import Design
from quizfunnel.experiment.frozen import frozen_design
from quizfunnel.i18n.words import marked
from quizfunnel.kit.ids import new_id
from quizfunnel.store.transaction import reading, write
from quizfunnel.visit import collect, identity
from quizfunnel.visit.views import current_guest
from quizfunnel.web import cookies
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("see_as", __name__)

COOKIE = "qf_see"
CHOICES: Mapping[str, str] = {
    "visitor": marked("a new visitor"),
    "invited": marked("an invited visitor"),
    "holdout": marked("a holdout visitor"),
}
MOST_DRAWS = 100_000


@blueprint.post("/see-as")
def see_as() -> BaseResponse:
    """Make the browser a new visitor, of any arm or of one that is left out of every figure from then on."""
    choice = request.form.get("as", "")
    if choice not in CHOICES:
        abort(422, marked("Choose visitor, invited or holdout."))
    w = wiring()
    visitor = new_id() if choice == "visitor" else _of_arm(choice)
    response = redirect("/#see-as", 303)
    cookies.keep(response, COOKIE, choice)
    value, name = identity.sign_cookie(w.signer, visitor), identity.cookie_name(secure=w.settings.secure)
    cookies.keep(response, name, value, kept=identity.KEPT)
    return response


def _of_arm(arm: str) -> str:
    """Return a new visitor whom chance puts into an arm, kept as a test."""
    w = wiring()
    with reading(w.engine) as connection:
        holdouts = _holdouts(connection)
    visitor = _drawn(holdouts, arm)  # it may take many draws, which nobody's writing waits for
    guest = current_guest()._replace(visitor_id=visitor, known=False)

    def verb(connection: Connection) -> None:
        collect.remember(connection, guest, at=w.clock.now(), landing_page="/")
        collect.mark(connection, visitor, kind="test", reason="saw the shop as either arm")

    write(w.engine, verb)
    return visitor


def _holdouts(connection: Connection) -> set[Design]:
    """Return the holdouts of all quizzes, as they were frozen where they have begun."""
    enrolments = filter(None, map(host().enrolment, live_quizzes()))
    planned = {enrolment.holdout for enrolment in enrolments if enrolment.holdout}
    frozen = {each: frozen_design(connection, each.quiz, each.experiment, simulated=False) for each in planned}
    return {begun.design if begun else each for each, begun in frozen.items()}


def _drawn(holdouts: set[Design], arm: str) -> str:
    """Return a visitor whom every holdout draws into `arm`."""
    digest_of = host().digest
    for _ in range(MOST_DRAWS):
        visitor = new_id()
        digests = ((design, digest_of(arms.draw_text(design, visitor))) for design in holdouts)
        if all(arms.arm(digest, design) == arm for design, digest in digests):
            return visitor
    return abort(503, marked("No visitor was drawn into this arm; try again."))
