"""Parts of the app that the demo's views are handed, and the arms that a visitor of its shop would be drawn into."""

from dataclasses import dataclass

from flask import current_app

from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.shop.invite import Host, Plan
from quizfunnel.web.wiring import wiring


@dataclass(frozen=True, slots=True)
class Parts:
    """The quizzes, and the plan of experiments, as app.py hands them over."""

    shelf: Shelf
    plan: Plan


def parts() -> Parts:
    """Return the running app's parts."""
    wired: Parts = current_app.extensions["demo"]
    return wired


def live_quizzes() -> list[LiveQuiz]:
    """Return the quizzes that can be taken."""
    shelf = parts().shelf
    return [live for slug in shelf.slugs() if (live := shelf.live(slug))]


def host() -> Host:
    """Return the store that invites."""
    w = wiring()
    return Host(parts().shelf, w.settings, parts().plan, lambda text: w.signer.digest("arm", text))
