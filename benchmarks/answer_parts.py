"""Shortcuts on the way of an answer: what each saves, against the plain way in its place, in one process.

Each shortcut is a small machine that could be done without. It is taken out in every second turn, A B A B, where a turn
is the answers of one attempt, or a day of choices, so that whatever else the machine does slows both alike. Measured is
the processor time of the thread: of whole answers over WSGI, and of whole choices among 500 products for
the two shortcuts on the way of an offer, of which there is one for the seven answers of an attempt.
"""

import argparse
import gc
import io
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import quote

from flask import Flask
from flask import request as flask_request

from benchmarks import answer, serve
from quizfunnel.app import create_app
from quizfunnel.journey.questions import QuestionCache
from quizfunnel.offer.memory import Memory
from quizfunnel.recommend.serving.score_table import ScoreTable
from quizfunnel.settings import Settings
from quizfunnel.store.prepared import Prepared

ANSWERS_AN_OFFER = 7
CHOICES = 1500
WORTH_KEEPING = 0.05  # of an answer
_ACTION = re.compile(r'hx-post="/a/[0-9a-f]+/([a-z0-9-]+)')
_VIEW = re.compile(r'name="?view"? value="([^"]+)"')
_CHOICE = re.compile(r'type="?(?:radio|checkbox)"?[^>]*?value="?([a-z0-9-]+)')
_LOWEST = re.compile(r'type="?number"?[^>]*?min="?([0-9.]+)')
_AGENT = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"

Without = Callable[[], AbstractContextManager[Any]]
Turn = Callable[[], list[float]]


class Times(NamedTuple):
    """Microseconds of the processor, with a shortcut and by the plain way."""

    shortcut: float
    plain: float


def options(parser: argparse.ArgumentParser) -> None:
    """Add how many turns each shortcut has, with it and without it."""
    parser.add_argument("--turns", type=int, default=250, help="attempts answered with each and without it (250)")


def run(*, turns: int = 250, choices: int = CHOICES) -> dict[str, object]:
    """Measure and return every figure; raise RuntimeError where an answer is refused."""
    with tempfile.TemporaryDirectory() as name:
        attempt = _attempts(Path(name), 2 * len(ANSWER_PARTS) * turns)
        gc.collect()
        gc.freeze()
        whole = {name: _by_turns(attempt, out, turns) for name, out in ANSWER_PARTS.items()}
    rng = random.Random(1)
    shop = serve.shop(rng)
    parts = {
        name: _by_turns(_choices(shop, kind, rng, choices), out, max(1, turns // 25))
        for name, (kind, out) in OFFER_PARTS.items()
    }
    gc.unfreeze()
    one = statistics.median(each.shortcut for each in whole.values())
    return {
        "answer_us": one,
        "of_an_answer": {name: _figures(each, one, 1) for name, each in whole.items()},
        "of_a_choice": {name: _figures(each, one, ANSWERS_AN_OFFER) for name, each in parts.items()},
    }


def table(figures: dict[str, Any]) -> str:
    """Return the figures as lines, each with its share of an answer."""
    lines = [f"an answer takes {figures['answer_us']:.0f} us of the processor in one process", ""]
    for part, title in (("of_an_answer", "whole answers"), ("of_a_choice", "choices of an offer, one for 7 answers")):
        lines.append(f"{title:<42}{'shortcut':>9}{'plain':>9}{'saves':>9}{'of an answer':>14}")
        for name, each in figures[part].items():
            numbers = f"{each['shortcut_us']:>9.1f}{each['plain_us']:>9.1f}{each['saves_us']:>9.1f}"
            small = "" if each["share"] >= WORTH_KEEPING else "  below 5 %"
            lines.append(f"{name:<42}{numbers}{each['share']:>13.1%}{small}")
    return "\n".join(lines)


def _figures(times: Times, one: float, times_an_offer: int) -> dict[str, float]:
    saves = times.plain - times.shortcut
    return {
        "shortcut_us": times.shortcut,
        "plain_us": times.plain,
        "saves_us": saves,
        "share": saves / times_an_offer / one,
    }


def _by_turns(turn: Turn, without: Without, turns: int) -> Times:
    """Return the medians of all turns with the shortcut, and of as many by the plain way, one after the other."""
    shortcut: list[float] = []
    plain: list[float] = []
    for _ in range(turns):
        shortcut += turn()
        with without():
            plain += turn()
    return Times(statistics.median(shortcut), statistics.median(plain))


def _attempts(store: Path, count: int) -> Turn:
    """Return a turn that answers one more attempt as far as the load of `answer` goes, and gives each answer's time."""
    load = answer.prepare(store, count, seconds=0)
    app = create_app(Settings(store=store, secret_key=answer.KEY, consent="off"))
    lines = iter(load.jobs.read_text().splitlines())

    def turn() -> list[float]:
        attempt, question, token, value = next(lines).split()
        times = []
        for _ in range(answer.STEPS):
            body = f"view={quote(token, safe='')}&a30=1200&a10=1200&seq=1&{value}"
            spent, text = _post(app, f"/a/{attempt}/{question}", body.encode(), load.cookie)
            times.append(spent)
            question, token, value = _next_question(text)
        return times

    return turn


def _next_question(text: str) -> tuple[str, str, str]:
    """Return the question that a part asks, its view token, and the first answer that it offers as a form's field."""
    action, view = _ACTION.search(text), _VIEW.search(text)
    if action is None or view is None:
        raise RuntimeError(f"an answer was not followed by a question: {text[:300]}")
    choice = _CHOICE.search(text) or _LOWEST.search(text)
    return action[1], view[1], f"answer={choice[1] if choice else ''}"


def _post(app: Flask, path: str, body: bytes, cookie: str) -> tuple[float, str]:
    statuses: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ORIGIN": "http://127.0.0.1",
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "HTTP_HX_REQUEST": "true",
        "HTTP_USER_AGENT": _AGENT,
        "HTTP_COOKIE": cookie,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    began = time.thread_time_ns()
    parts = app.wsgi_app(environ, lambda status, _headers, _error=None: statuses.append(status))  # type: ignore[arg-type]
    text = b"".join(parts)
    spent = (time.thread_time_ns() - began) / 1000
    if not statuses or not statuses[0].startswith("200"):
        raise RuntimeError(f"an answer was refused: {statuses}")
    return spent, text.decode()


def _choices(shop: serve.Shop, kind: str, rng: random.Random, count: int) -> Turn:
    """Return a turn of choices for answers of one kind, the worker's memory made new for it: the mean of their times.

    The median would not see a memory that answers one in three.
    """
    choose, crowd = serve.ours(shop), serve.crowd(rng)

    def turn() -> list[float]:
        times = []
        for number, answers in enumerate(list(serve.asked(kind, count, rng, crowd))):
            began = time.thread_time_ns()
            choose(answers, f"parts:{number:032d}")
            times.append((time.thread_time_ns() - began) / 1000)
        return [statistics.fmean(times[count // 20 :])]  # in the first ones rows are made

    return turn


def _plain_statement(self: Prepared, connection: Any, **values: Any) -> Any:
    return connection.execute(self._statement, values)


def _plain_question(self: QuestionCache, _version: str, page: Any, *, keep: bool) -> str:  # noqa: ARG001
    return self._draw(page)


def _plain_form(name: str) -> list[str]:
    return flask_request.form.getlist(name)


def _plain_sums(self: ScoreTable, answers: Any) -> Sequence[float]:
    start = self._packed.read([self._start])
    return list(map(sum, zip(start, *(self.contribution(*item).each for item in answers.items()), strict=True)))


def _no_memory(self: Memory[Any], _key: object, make: Callable[[], Any]) -> Any:
    del self
    return make()


def _no_lock() -> AbstractContextManager[Any]:
    return patch("quizfunnel.store.write_lock.fcntl", None)  # as on a system without it


ANSWER_PARTS: dict[str, Without] = {
    "nothing taken out": nullcontext,
    "store/prepared": lambda: patch.object(Prepared, "run", _plain_statement),
    "store/write_lock": _no_lock,
    "journey/questions": lambda: patch.object(QuestionCache, "show", _plain_question),
    "web/posted": lambda: patch("quizfunnel.journey.views.question.posted", _plain_form),
}
OFFER_PARTS: dict[str, tuple[str, Without]] = {
    "recommend/serving/packed": ("new", lambda: patch.object(ScoreTable, "read", _plain_sums)),
    "offer/memory": ("day", lambda: patch.object(Memory, "get", _no_memory)),
}
