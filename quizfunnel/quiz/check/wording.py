"""The wording lint of a quiz file: neutral ways out, no pressure, no e-mail wall, a promise that holds.

The label of a way out is held against sentences known to be neutral: a list of shaming words would
let the next invention through. Its only open place is for what is sold, and only words of the
quiz's title or of the catalogue's types and tags fit there. Pressure elsewhere is recognised by its words,
which finds much and not everything.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from quizfunnel.catalog.product import Catalog
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.fields import Path
from quizfunnel.quiz.paths import Exploration
from quizfunnel.quiz.spec import Answers, Question, Quiz

SECONDS_TO_CHOOSE = (2.0, 10.0)  # a question, by a quick and by a slow shopper
WORDS_A_SECOND = (5.0, 2.0)
PROMISE_SLACK = 0.25

_LEAVE = r"(?:no thanks?|no thank you|not now|skip(?: (?:it|this|the quiz|this quiz|for now))?|continue|go on)"
_LOOK = r"(?:just )?(?:see|show(?: me)?|browse|view|look at|shop|explore|go(?: straight)? to|skip to|open)"
_WHICH = r"(?:(?:all|every|everything|the|our|of|whole|full|entire|complete|other) ?)*"
_THINGS = r"(?:products?|items?|shop|store|catalogue?|range|collection|selection|list|everything)"
_ASIDE = r"(?: ?(?:instead|now|myself|for myself|without (?:the|a|this|taking the|taking a) ?quiz|without))?"
_SKIPPED = r"(?:without (?:the|this|a) quiz)"
_NOTHING = re.compile(
    r"(?:none|nothing|neither|no|not any|i (?:have|avoid|need|use|eat) (?:none|nothing|no))\b(?: [\w'-]+){0,4}[.!]?\Z",
    re.IGNORECASE,
)
_SHAMING = re.compile(
    r"\b(i (?:don.?t|do not|hate|like|prefer|want|would|.d|.ll)|hate|missing out|care)\b", re.IGNORECASE
)
_SOMEBODY = r"(?:people|persons?|others?|shoppers?|customers?|visitors?|users?)"
_PRESSURES = (
    r"hurry|last chance|act (?:now|fast)|order soon|today only|final hours|limited (?:time|offer|stock|quantit\w+)",
    r"(?:only|just) (?:a )?(?:few|\d[\d.,]*\w?) (?:[\w()]+ )?(?:left|remain\w*|in stock)|only a few more left",
    r"\d[\d.,]*%? ?(?:items?(?:\(s\))? )?left\b(?!-)|\d+ in stock|low (?:in )?stock|almost (?:gone|there|sold out)",
    r"(?:selling|going) (?:out )?fast|sell(?:s|ing)? out|in (?:high )?demand|while (?:stocks?|supplies) last",
    r"(?:ends?|expires?) (?:soon|today|tonight|tomorrow|in \d+\w*)|(?:offer|sale|deal) (?:ends|expires)",
    r"countdown|time is running out|(?:reserved|held) for \d|before it.?s (?:gone|too late)|come (?:this|so) far",
    r"don.?t (?:miss (?:out|this|it|your)|wait)|\d+ ?(?:hours?|minutes?|mins?) left",
    rf"\d[\d.,]*\w?\+? (?:other )?{_SOMEBODY} (?:just |also |recently )?(?:are|have|bought|view|look|see|love|like)",
    rf"(?:someone|{_SOMEBODY}) (?:(?:in|from) [^.?!]{{1,60}})?(?:just |recently )?(?:bought|purchased|viewed)\b",
    r"(?:people|someone|\d+) (?:are |is )(?:also )?(?:viewing|looking)|in (?:people|others).s? (?:bags?|carts?)",
    r"\d\+? (?:already )?(?:bought|sold)\b|have it in their cart",
)
_PRESSURE = re.compile(rf"\b(?:{'|'.join(_PRESSURES)})|\b\d{{1,2}}:\d{{2}}:\d{{2}}\b", re.IGNORECASE)
_EMAIL = re.compile(r"\be-?mail\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


def check(loaded: LoadedQuiz, catalog: Catalog | None) -> Iterator[Finding]:
    """Find wording that shames, presses, asks for an address, or leaves a sensitive question unexplained."""
    quiz = loaded.quiz
    if not quiz.language.startswith("en"):
        message = f"the neutral labels are known in English only; read `skip_label` aloud for language {quiz.language}"
        yield loaded.finding(("offer", "skip_label"), message, error=False)
    elif not is_neutral(quiz.offer.skip_label, sold(quiz, catalog)):
        message = (
            "the way out is not among the labels known to be neutral; write it like 'See all products', "
            "'See all coffees without the quiz' (with words of the title or of the catalogue's types and tags) or "
            "'No thanks'"
        )
        yield loaded.finding(("offer", "skip_label"), message)
    for path, text in texts(quiz):
        if pressing := pressure(text):
            yield loaded.finding(path, f"{pressing!r} presses the shopper; say what is true without it")
    for number, question in enumerate(quiz.questions):
        yield from _check_question(loaded, number, question)


def is_neutral(label: str, sold: frozenset[str] = frozenset()) -> bool:
    """Tell whether a label of a way out is known to be neutral; `sold` are the words for what is sold."""
    words = " ".join(_WORD.findall(label.lower().replace("\u2019", "'")))
    return _neutral(sold).fullmatch(words) is not None


def is_none(label: str) -> bool:
    """Tell whether the label of "none of these" says just that."""
    return _NOTHING.match(label.strip()) is not None and _SHAMING.search(label) is None


def sold(quiz: Quiz, catalog: Catalog | None) -> frozenset[str]:
    """Return the words that a quiz may use for what it sells: of its title, and of the types and tags of products."""
    words = set(_WORD.findall(quiz.title.lower()))
    for product in catalog.products if catalog else ():
        for text in (product.type, *product.tags):
            words.update(_WORD.findall(text.lower().replace("-", " ")))
    return frozenset(words - _NEVER_SOLD)


def pressure(text: str) -> str:
    """Return the words of a text that press the shopper, or nothing."""
    match = _PRESSURE.search(text)
    return match.group(0) if match else ""


def texts(quiz: Quiz) -> Iterator[tuple[Path, str]]:
    """Yield every text in the shop's voice, with its path in the file; choices are in the shopper's."""
    yield ("title",), quiz.title
    yield ("promise",), quiz.promise
    yield ("offer", "headline"), quiz.offer.headline
    yield ("offer", "skip_label"), quiz.offer.skip_label
    for number, question in enumerate(quiz.questions):
        for name in ("ask", "help", "why"):
            yield ("questions", number, name), getattr(question, name)


def check_promise(loaded: LoadedQuiz, exploration: Exploration) -> Iterator[Finding]:
    """Find a promise of minutes that no reading speed can keep."""
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
        yield loaded.finding((*path, "ask"), "a result must not need an e-mail address; remove the question")
    if question.sensitive and not question.why:
        yield loaded.finding(path, "a sensitive question says why it is asked; add `why`", error=False)
    for place, label in question.none_labels():
        if loaded.quiz.language.startswith("en") and not is_none(label):
            message = (
                f"`{place[-1]}` says more than that none of these fits; write it like 'None of these' or 'Nothing'"
            )
            yield loaded.finding((*path, *place), message, error=False)


def _words(question: Question) -> int:
    return sum(len(_WORD.findall(text)) for text in (question.ask, question.help, *question.labels()))


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
