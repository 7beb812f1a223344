"""The wording lint of a quiz file: neutral ways out, no pressure, no e-mail wall, a promise that holds.

Labels of ways out are held against a list of neutral words: a list of shaming words would let the
next invention through.
"""

import re
from collections.abc import Iterator

from quizfunnel.quiz.spec import Question, Quiz, ScaleQuestion

SECONDS_A_QUESTION = 4.0  # to look, choose and go on
SECONDS_A_WORD = 0.25  # 240 words a minute
SECONDS_A_CHOICE = 0.8
PROMISE_SLACK = 0.25

_NEUTRAL = frozenset(
    """a all and any around back browse by catalogue catalog choose collection continue directly every everything for
    full go going here home i in instead just list look looking me more my myself no not now on only open our own
    overview page pick products quiz range rather see shop show skip start step straight take thank thanks the them
    these this to us use view want whole without yourself your items""".split()
)
_PRESSURE = re.compile(
    r"\b(hurry|last chance|only \d+ (left|remaining)|ends? (soon|today|tonight|in \d)|limited time|act now|"
    r"almost gone|selling fast|people (are )?(viewing|looking)|don.t miss|countdown|come this far)\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"\be-?mail\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)


def neutral(label: str, known: frozenset[str] = frozenset()) -> list[str]:
    """Return the words of a way-out label that are on no neutral list and name no product kind."""
    return [word for word in _WORD.findall(label.lower()) if word not in _NEUTRAL and word not in known]


def known_words(quiz: Quiz) -> frozenset[str]:
    """Return the words that a quiz may use for what it sells: those of its title, promise and headline."""
    texts = (quiz.title, quiz.promise, quiz.offer.headline)
    return frozenset(word for text in texts for word in _WORD.findall(text.lower()) if word not in _SHAMING)


_SHAMING = frozenset(
    "don't dont hate rather guess risk lose losing miss missing bad wrong stay keep never stupid ugly pay full price "
    "care worse unhappy confused alone fail not no".split()
)


def pressure(quiz: Quiz) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the place and the words of every pressure in the quiz's texts."""
    for path, text in texts(quiz):
        if found := _PRESSURE.search(text):
            yield path, found.group(0)


def asks_for_email(quiz: Quiz) -> Iterator[tuple[str | int, ...]]:
    """Yield the place of every question that asks for an e-mail address."""
    for number, question in enumerate(quiz.questions):
        if _EMAIL.search(question.ask):
            yield ("questions", number, "ask")


def texts(quiz: Quiz) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every text that a shopper reads, with its path in the file."""
    yield ("title",), quiz.title
    yield ("promise",), quiz.promise
    yield ("offer", "headline"), quiz.offer.headline
    yield ("offer", "skip_label"), quiz.offer.skip_label
    for number, question in enumerate(quiz.questions):
        for name in ("ask", "help", "why"):
            yield ("questions", number, name), getattr(question, name)
        if not isinstance(question, ScaleQuestion):
            for index, choice in enumerate(question.choices):
                yield ("questions", number, "choices", index, "label"), choice.label
                yield ("questions", number, "choices", index, "because"), choice.because


def expected_seconds(question: Question) -> float:
    """Return about how long a question takes, counted from its words, before anybody has taken the quiz."""
    words = len(_WORD.findall(f"{question.ask} {question.help}"))
    choices = 0 if isinstance(question, ScaleQuestion) else len(question.choices)
    if not isinstance(question, ScaleQuestion):
        words += sum(len(_WORD.findall(choice.label)) for choice in question.choices)
    return SECONDS_A_QUESTION + SECONDS_A_WORD * words + SECONDS_A_CHOICE * choices
