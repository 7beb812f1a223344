"""A server in the test's hands for the shipped quiz.js: it draws questions, takes answers, and fails as it is told."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from flask import Flask
from playwright.sync_api import Page, Route

from quizfunnel.journey.pages import QuestionPage
from quizfunnel.quiz.spec import Quiz
from quizfunnel.quiz.texts.shown import Beholder, shown
from quizfunnel.web import environment
from quizfunnel.web.render import render_text
from tests.cast import COFFEE, coffee_quiz

ROOT = Path(__file__).parents[2]
HOST = "http://quiz.test"
ORDER = ("brew", "avoid", "budget", "strength")


def _quiz() -> Quiz:
    questions = json.loads(json.dumps(COFFEE["questions"]))
    by_id = {each["id"]: each for each in questions}
    by_id["avoid"]["at_most"] = 1
    by_id["brew"]["help"] = "Pick the one you use most."
    return coffee_quiz(questions=questions)


def sent(app: Flask, path: str) -> dict[str, Any]:
    """Return how an app answers for a static file, as a route is fulfilled with it."""
    with app.test_client().get(path) as response:
        return {"status": response.status_code, "body": response.data, "content_type": response.content_type}


class Server:
    """Answers a tab's requests: the shipped files, a question a page, the next one after an answer."""

    def __init__(self) -> None:
        """Begin with nothing received and nothing failing."""
        self.app = Flask("comfort", static_folder=None)
        environment.install(self.app, (ROOT,))
        self.quiz, self.language = _quiz(), "en"
        self.received: list[dict[str, list[str]]] = []
        self.failures: list[str] = []
        self.waiting: list[Route] = []

    def let_go(self) -> None:
        """Answer the request that has waited longest; where it is still to come, let none wait."""
        if self.waiting:
            self._answer(self.waiting.pop(0))
        else:
            self.failures.remove("slow")

    def __call__(self, route: Route) -> None:
        """Answer one request, unless it is to wait."""
        posted = route.request.method == "POST"
        if posted:
            self.received.append(parse_qs(route.request.post_data or "", keep_blank_values=True))
        if route.request.url.endswith("/let-go"):
            route.fulfill()
            self.let_go()
        elif self.failures[:1] == ["slow"] and (posted or route.request.is_navigation_request()):
            self.failures.pop(0)
            self.waiting.append(route)
        else:
            self._answer(route)

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        if path.startswith("/static/"):
            route.fulfill(**sent(self.app, path))
        elif route.request.method == "GET":
            self._show(route, "question", path.rpartition("/")[2])
        else:
            self._take(route, path.rpartition("/")[2])

    def _take(self, route: Route, question: str) -> None:
        part = "_question" if "hx-request" in route.request.headers else "question"
        failure = self.failures.pop(0) if self.failures else ""
        if failure == "away":
            route.abort()
        elif failure == "503":
            route.fulfill(status=503, body="We can't save just now.", content_type="text/plain; charset=utf-8")
        elif failure == "proxy":
            route.fulfill(status=502, body="<html>Bad gateway</html>", content_type="text/html")
        elif failure == "last":
            route.fulfill(body="", headers={"HX-Redirect": f"/a/x/{ORDER[-1]}"})
        elif failure == "refused":
            rejected = tuple(self.received[-1].get("answer", ()))
            self._show(route, part, question, error="Choose one answer.", rejected=rejected)
        else:
            self._show(route, part, ORDER[min(ORDER.index(question) + 1, len(ORDER) - 1)])

    def _show(self, route: Route, template: str, question: str, **refused: Any) -> None:
        page = QuestionPage(
            lang=self.language,
            title=self.quiz.title,
            question=shown(self.quiz, self.quiz.by_id[question], Beholder("x", {})),
            position=ORDER.index(question) + 1,
            shortest=4,
            longest=4,
            action=f"/a/x/{question}",
            back="/q/coffee",
            skip_url="/shop",
            skip_label="See all coffees",
            token=f"view-{question}-{len(self.received)}",
            access="",
            beacon="",
            auto_advance=self.quiz.auto_advance,
        )
        with self.app.test_request_context():
            body = render_text(f"shopper/{template}.html", replace(page, **refused))
        headers = {"Content-Type": "text/html; charset=utf-8", "HX-Push-Url": f"/a/x/{question}"}
        route.fulfill(status=422 if refused else 200, body=body, headers=headers)


def open_question(tab: Page, question: str) -> None:
    """Open a question as a page of its own."""
    tab.goto(f"{HOST}/a/x/{question}", wait_until="load")


def go_on(tab: Page) -> None:
    """Press "Next"."""
    tab.get_by_role("button", name="Next").click()
