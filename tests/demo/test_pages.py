"""Laws of the demo shop's parts of pages, drawn from their templates."""

import re

import pytest
from flask import Flask

from quizfunnel.demo.pages import Invitation
from quizfunnel.shipped import shipped_folder
from quizfunnel.web import environment


@pytest.mark.parametrize(
    ("shortest", "longest", "minutes", "words"),
    [
        (1, 1, 0.5, "Answer 1 question, about half a minute."),
        (6, 7, 1.5, "Answer 6 or 7 questions, about 1.5 minutes."),
        (5, 8, 2, "Answer 5 to 8 questions, about 2 minutes."),
    ],
)
def test_the_invitation_says_the_length_as_the_quiz_does(
    shortest: int, longest: int, minutes: float, words: str
) -> None:
    """How many questions and how long, in the words of the quiz's first page."""
    app = Flask("pages", static_folder=None)
    environment.install(app, (shipped_folder(),))
    macros = app.extensions["templates"].get_template("shop/_macros.html").module
    text = re.sub("<[^>]+>", "", macros.card(Invitation("/q/coffee", shortest, longest, minutes)))
    assert f"Not sure which? {words}" in text
