"""The wording lint of a quiz file: neutral ways out, no pressure, no e-mail wall, a promise that holds.

The label of a way out is held against sentences known to be neutral: a list of shaming words would
let the next invention through. Its only open place is for what is sold, and only words that the quiz and its
catalogue use for that fit there. Pressure elsewhere is recognised by its words. Both guess, so that both only warn.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import ceil
from pathlib import PurePosixPath
from statistics import median

from quizfunnel.catalog.product import Catalog
from quizfunnel.i18n.languages import is_source
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.check.languages import ways_out
from quizfunnel.quiz.check.languages.pressing import pressing
from quizfunnel.quiz.check.languages.pressure import KINDS, Pressure, pressure
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.fields import Path
from quizfunnel.quiz.paths import Exploration
from quizfunnel.quiz.spec import Answers, Question, Quiz

SECONDS_TO_CHOOSE = (2.0, 10.0)  # a question, by a quick and by a slow shopper
WORDS_A_SECOND = (5.0, 2.0)
PROMISE_SLACK = 0.25
FEWEST_MEASURED = 30  # shoppers whose median says more than a count of words

_LATER = "(?:not|maybe) (?:now|today|later|right now|this time)|later"
_SKIP = "skip(?: (?:it|this|the quiz|this quiz|for now))?"
_THANKED = f"(?:{_LATER}|{_SKIP}|(?:i am |i'm )?just browsing)(?: thanks?| thank you)?"
_LEAVE = (
    rf"(?:(?:no thanks?|no thank you)(?: (?:{_LATER}|just browsing))?|{_THANKED}|continue(?: shopping)?|go on|close)"
)
_GO = "(?:go|continue|take me|return|back|skip)(?: straight| back)? to"
_LOOK = rf"(?:just )?(?:see|show(?: me)?|browse|view|look at|shop|explore|find|visit|{_GO}|open)"
_WHICH = r"(?:(?:all|every|everything|the|our|of|whole|full|entire|complete|other) ?)*"
_THINGS = r"(?:products?|items?|shop|store|catalogue?|range|collection|selection|list|menu|assortment|everything)"
_ASIDE = r"(?: ?(?:instead|now|myself|for myself|without (?:the|a|this|taking the|taking a) ?quiz|without))?"
_SKIPPED = r"(?:without (?:the|this|a) quiz)"
_NOTHING = re.compile(
    r"(?:none|nothing|neither|no|not any|i (?:have|avoid|need|use|eat) (?:none|nothing|no))\b(?: [\w'-]+){0,4}[.!]?\Z",
    re.IGNORECASE,
)
_SHAMING = re.compile(
    r"\b(i (?:don.?t|do not|hate|like|prefer|want|would|.d|.ll)|hate|missing out|care)\b", re.IGNORECASE
)
_OF_LABELS = ("scarcity", "social proof")  # a shopper may be in a hurry, or dislike what is sold
_EMAIL = re.compile(r"\be-?mail\b", re.IGNORECASE)
_AVOIDED = re.compile(
    r"\b(?:avoid|leave out|without|allerg\w+|intoleran\w+|(?:don.?t|do not|never) (?:like|want|eat|drink|use)|dislike|"
    r"stay away|steer clear|bother\w*)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


def check(loaded: LoadedQuiz, catalog: Catalog | None) -> Iterator[Finding]:
    """Find wording that shames, presses, asks for an address, or leaves a sensitive question unexplained."""
    quiz = loaded.quiz
    yield from _way_out(loaded, catalog)
    for path, text in texts(quiz):
        if pressed := _pressure(text, quiz.language, _OF_LABELS if path[-1] == "label" else KINDS):
            message = f"{pressed.words!r} reads as {pressed.kind} and presses the shopper; say what is true without it"
            yield loaded.finding(path, message, error=False)
    for number, question in enumerate(quiz.questions):
        yield from _check_question(loaded, number, question)


def _pressure(text: str, language: str, kinds: Sequence[str] = KINDS) -> Pressure | None:
    """Return the words of a text that press, by the longer list of English or the small one of its language."""
    return pressure(text, kinds) if is_source(language) else pressing(text, language, kinds)


def _way_out(loaded: LoadedQuiz, catalog: Catalog | None) -> Iterator[Finding]:
    """Find a label of the way past the quiz that is not known to be neutral."""
    quiz, place = loaded.quiz, ("offer", "skip_label")
    language, label = quiz.language, quiz.offer.skip_label
    if not (is_source(language) or ways_out.is_listed(language)):
        message = (
            f"the neutral labels are not known in `{language}`; read `skip_label` aloud: does it judge who takes it?"
        )
        yield loaded.finding(place, message, error=False)
        return
    words = sold(quiz, catalog)
    known = is_neutral(label, words) if is_source(language) else ways_out.is_neutral(label, language, words)
    if not (known or _pressure(label, language)):
        like = "'See all products', 'See all coffees without the quiz' or 'No thanks'"
        message = (
            "the way out is not among the labels known to be neutral; if it judges who takes it, write it like "
            f"{like if is_source(language) else f'{like}, in this language'}"
        )
        yield loaded.finding(place, message, error=False)


def is_neutral(label: str, sold: frozenset[str] = frozenset()) -> bool:
    """Tell whether a label of a way out is known to be neutral; `sold` are the words for what is sold."""
    words = " ".join(_WORD.findall(label.lower().replace("\u2019", "'")))
    return _neutral(sold).fullmatch(words) is not None


def is_none(label: str) -> bool:
    """Tell whether the label of "none of these" says just that."""
    return _NOTHING.match(label.strip()) is not None and _SHAMING.search(label) is None


def sold(quiz: Quiz, catalog: Catalog | None) -> frozenset[str]:
    """Return the words that a quiz may use for what it sells: its own, its catalogue's name and its products'."""
    offer = quiz.offer
    own = (quiz.title, quiz.promise, offer.headline, offer.products, PurePosixPath(quiz.catalog_ref.file).stem)
    words = {word for text in own for word in _WORD.findall(text.lower().replace("-", " "))}
    for product in catalog.products if catalog else ():
        for text in (product.type, product.title, *product.tags):
            words.update(_WORD.findall(text.lower().replace("-", " ")))
    return frozenset(words - _NEVER_SOLD)


def texts(quiz: Quiz) -> Iterator[tuple[Path, str]]:
    """Yield every text that the shop says, and the labels that it lays in the shopper's mouth, with its path."""
    yield ("title",), quiz.title
    yield ("promise",), quiz.promise
    yield ("offer", "headline"), quiz.offer.headline
    yield ("offer", "skip_label"), quiz.offer.skip_label
    yield ("offer", "products"), quiz.offer.products
    for number, section in enumerate(quiz.offer.sections):
        yield ("offer", "sections", number, "title"), section.title
    for number, question in enumerate(quiz.questions):
        for path, text in question.texts():
            yield ("questions", number, *path), text


def check_promise(loaded: LoadedQuiz, exploration: Exploration, taken: Sequence[float] = ()) -> Iterator[Finding]:
    """Find a promise of minutes that no reading speed can keep, or that shoppers do not.

    `taken` are the minutes of those who finished this very version; enough of them say more than its words.
    """
    if len(taken) >= FEWEST_MEASURED:
        yield from _measured_promise(loaded, median(taken), len(taken))
        return
    quiz = loaded.quiz
    quick, slow = minutes(quiz, exploration.shortest)[0], minutes(quiz, exploration.longest)[1]
    if quick * (1 - PROMISE_SLACK) <= quiz.minutes <= max(slow, 0.5) * (1 + PROMISE_SLACK):
        return
    fitting = max(0.5, round(quick + slow) / 2)
    message = (
        f"{quiz.minutes:g} minutes are promised; by their words the questions take {quick:.1f} to {slow:.1f}; "
        f"write {fitting:g}, or what you have measured"
    )
    yield loaded.finding(("minutes",), message, error=False)


def _measured_promise(loaded: LoadedQuiz, needed: float, finishers: int) -> Iterator[Finding]:
    """Find a promise that is off by more than the slack, though minutes are told in whole or half ones."""
    promised, fitting = loaded.quiz.minutes, ceil(needed * 2) / 2
    if needed > promised * (1 + PROMISE_SLACK) or promised > fitting * (1 + PROMISE_SLACK):
        message = (
            f"{promised:g} minutes are promised; of the last {finishers:,} shoppers who finished half needed more than "
            f"{needed:.1f}; write {fitting:g}"
        )
        yield loaded.finding(("minutes",), message, error=False)


def minutes(quiz: Quiz, answers: Answers) -> tuple[float, float]:
    """Return how long a path takes a quick and a slow shopper, counted from its words."""
    words = sum(_words(quiz.by_id[name]) for name in answers)
    quick, slow = (
        (len(answers) * choose + words / speed) / 60
        for choose, speed in zip(SECONDS_TO_CHOOSE, WORDS_A_SECOND, strict=True)
    )
    return quick, slow


def _check_question(loaded: LoadedQuiz, number: int, question: Question) -> Iterator[Finding]:
    path: Path = ("questions", number)
    if _EMAIL.search(question.ask):
        message = "a result must not need an e-mail address; if this asks for one, remove the question"
        yield loaded.finding((*path, "ask"), message, error=False)
    if question.sensitive and not (question.why and question.optional):
        add = " and ".join(
            key for key, there in (("`why`", question.why), ("`optional: true`", question.optional)) if not there
        )
        message = f"a sensitive question says why it is asked, and can be skipped; add {add}"
        yield loaded.finding(path, message, error=False)
    if loaded.quiz.language.startswith("en") and _AVOIDED.search(question.ask):
        yield from _misread(loaded, path, question)
    for place, label in question.none_labels():
        if loaded.quiz.language.startswith("en") and not is_none(label):
            message = (
                f"`{place[-1]}` says more than that none of these fits; write it like 'None of these' or 'Nothing'"
            )
            yield loaded.finding((*path, *place), message, error=False)


def _misread(loaded: LoadedQuiz, path: Path, question: Question) -> Iterator[Finding]:
    """Find choices of what to leave out whose labels alone would be told to the shopper, as if they were wanted."""
    for place, label in question.bare_labels():
        message = (
            f"{label!r} is chosen as what to leave out, and the offer would say “Because you picked “{label}””; write "
            f"`because`, like 'you avoid {label.lower()}', or make it a rule (`requires`, `excludes`)"
        )
        yield loaded.finding((*path, *place), message, error=False)


def _words(question: Question) -> int:
    return sum(len(_WORD.findall(text)) for path, text in question.texts() if path[-1] not in ("why", "because"))


_NEVER_SOLD = frozenset(
    _WORD.findall(
        "i i'm i'll i'd me my no not never don't dont won't hate like love want need rather prefer pay paying full "
        "price risk lose losing miss missing save saving stay keep without guess care bad wrong worse ugly stupid"
    )
)


@lru_cache(maxsize=64)
def _neutral(sold: frozenset[str]) -> re.Pattern[str]:
    nouns = "|".join(sorted((re.escape(word) + "(?:s|es)?" for word in sold), key=len, reverse=True))
    thing = f"(?:(?:{nouns}) ?){{0,3}}{_THINGS}" + (f"|(?:(?:{nouns})(?: and (?={nouns}))? ?){{1,3}}" if nouns else "")
    look = rf"{_LOOK} (?:{_WHICH}(?:{thing})|all|everything) ?{_ASIDE}"
    pattern = rf"(?:{_LEAVE}(?: {_SKIPPED})?|(?:{_LEAVE} (?:and )?)?{look})"
    return re.compile(pattern)
