"""Page contexts of the shopper's templates before the offer: one frozen value a page, nothing else; pure."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from markupsafe import Markup

from quizfunnel.quiz.spec import AnswerValue, Question
from quizfunnel.web.framing.frame import ShopFrame

Refuser = Literal["", "visitor", "browser"]
"""Party that has said no to being remembered: none, the visitor, or the browser by Sec-GPC, which no button changes."""


class LanguageLink(NamedTuple):
    """One language of a quiz, by its own name, and the address of the same page in it."""

    language: str
    name: str
    url: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class PromisePage:
    """`shopper/promise.html`: what the quiz gives, how long it takes and what is kept, before the first click.

    `resume_url` is empty where nothing was begun, `resume_position` 0 where every question is answered.
    `consent_mode` is `ask` or `off`; who has `refused` already isn't asked as if for the first time, and whose choice
    was lost, since no cookie is kept, isn't asked again. `entry` goes along with the start where it is not the quiz's
    own page. `promise` is plain text, `lead` the same with its marks as HTML. `languages` are those of the quiz, none
    where it has but one.
    """

    lang: str
    title: str
    promise: str
    lead: Markup
    minutes: float
    shortest: int
    longest: int
    action: str
    skip_url: str
    skip_label: str
    here: str
    consent_mode: str
    consented: bool
    consent_action: str
    refused: Refuser = ""
    choice_lost: bool = False
    privacy_url: str = ""
    experiment: bool = False
    resume_url: str = ""
    resume_position: int = 0
    entry: str = ""
    image: str = ""
    frame: ShopFrame | None = None
    languages: tuple[LanguageLink, ...] = ()


@dataclass(frozen=True, slots=True)
class DoorPage:
    """`shopper/door.html`: the question of consent at a comparison's door, alike for both of its quizzes.

    `here` is the address that a yes or no comes back to.
    """

    lang: str
    title: str
    here: str
    consent_action: str
    skip_url: str
    privacy_url: str = ""


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """`shopper/question.html` and the swapped `shopper/_question.html`: one question.

    `action`, `back`, `skip_url`, `token`, `access`, `beacon` and `offer` stand in the markup only as plain
    attribute values, so that the rest can be drawn once (see `journey.questions`). An empty `access`, `beacon`
    or `offer` leaves its part out: no token needed, no time measured, no products to go back to. The `question` is as
    this attempt shows it (see `quiz.texts.shown`); with `auto_advance` a tap on a single choice is Next too.
    A video is captioned in the quiz file's own language, whatever the page's is.
    """

    lang: str
    title: str
    question: Question
    position: int
    shortest: int
    longest: int
    action: str
    back: str
    skip_url: str
    skip_label: str
    token: str
    access: str
    beacon: str
    offer: str = ""
    auto_advance: bool = False
    captions_language: str = "en"
    chosen: AnswerValue = None
    answered: bool = False
    error: str = ""
    rejected: tuple[str, ...] = ()
    frame: ShopFrame | None = None
