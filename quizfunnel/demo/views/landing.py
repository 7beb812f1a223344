"""Landing page of the demo: the three ways into it."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.demo import pages, simulate
from quizfunnel.demo.views.parts import live_quizzes
from quizfunnel.demo.views.see_as import CHOICES, COOKIE
from quizfunnel.i18n.words import words_in
from quizfunnel.web.language import asked
from quizfunnel.web.render import render
from quizfunnel.web.wiring import home, wiring

blueprint = Blueprint("landing", __name__)


@blueprint.get("/")
def landing() -> BaseResponse:
    """Show the three ways into the demo, at the name that its shop has: another one has other cookies."""
    name, here = urlsplit(home()).hostname, urlsplit(request.host_url)
    if name and name != here.hostname:
        return redirect(f"http://{name}:{here.port or 80}/", 303)
    say = words_in(asked.page_language())
    live, chosen = [each.speaking(say.language) for each in live_quizzes()], request.cookies.get(COOKIE, "")
    page = pages.LandingPage(
        lang=say.language,
        title=say("Quizfunnel demo"),
        shop=home(),
        quizzes=tuple((f"/q/{each.slug}", each.quiz.title) for each in live),
        results=tuple((f"/insight/{each.slug}", each.quiz.title) for each in live),
        simulated=simulate.count(wiring().engine),
        choices={key: say(label) for key, label in CHOICES.items()},
        seen_as=chosen if chosen in CHOICES else "",
    )
    return asked.varied(render("demo/landing.html", page))
