"""What the templates of no room know: one frozen value a page, nothing else; pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessagePage:
    """`shopper/message.html`: what happened, in plain words, and a way on.

    `again` is the address to try once more, empty where that would not help.
    """

    lang: str
    title: str
    text: str
    link: str
    link_label: str
    again: str = ""


@dataclass(frozen=True, slots=True)
class QuizLink:
    """One quiz on the front page."""

    url: str
    title: str
    promise: str


@dataclass(frozen=True, slots=True)
class FrontPage:
    """`web/front.html`: the quizzes that can be taken."""

    lang: str
    title: str
    quizzes: tuple[QuizLink, ...]
