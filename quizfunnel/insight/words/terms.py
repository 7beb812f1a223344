"""Terms: the words of the pages, each explained in one sentence; metrics bring their own; pure."""

from typing import NamedTuple

from quizfunnel.insight.words.metrics import METRICS


class Term(NamedTuple):
    """One word of the page and its sentence; `randomised` ones are shown where a holdout runs only."""

    name: str
    says: str
    randomised: bool = False

    @property
    def slug(self) -> str:
        """Return the word's place on the page."""
        return slug(self.name)


def _brought_by(*names: str) -> tuple[Term, ...]:
    """Return the terms of metrics."""
    return tuple(Term(*each.term, each.randomised) for each in METRICS if each.name in names and each.term)


_WORDS = (
    Term("Visitor", "One browser, known by a first-party cookie; all figures count visitors, never sessions."),
    Term(
        "Left out",
        "Crawlers, staff and tests are flagged before it is known whether they buy, left out, and counted.",
    ),
    Term(
        "Start of the clock",
        "The first page view where the invitation is shown or, in the holdout, would be.",
        True,
    ),
    Term("Start of the clock", "Without a holdout it is the visitor's first page view."),
    Term(
        "Holdout",
        "The visitors who by a fair draw see no invitation; everything else is the same for them.",
        True,
    ),
    Term(
        "Window",
        "How long a purchase counts after the start of the clock; visitors count once it has closed.",
    ),
    Term("Waiting", "Visitors whose window is still open, with what they have bought so far."),
    Term("Purchase", "A paid order, not cancelled, no test, with something left after refunds; one order counts once."),
    Term(
        "Matched order",
        "An order that came back with the visitor's signed token from the cart; none is guessed.",
    ),
    Term("Cold visitor", "One who saw the shop and did not start the quiz before the first order."),
    Term("State", "The furthest that a visitor came in the quiz before the first order."),
    Term(
        "Invested time",
        "Active time on the questions: 30 seconds from each touch, key or scroll, while the page is in view.",
    ),
    Term("3+ minutes", "Finished the quiz with 180 seconds or more of invested time, measured in the browser."),
    Term("Bought", "The share of the visitors in a row who bought within the window."),
    Term("Interval", "Where the true figure lies, with 95% confidence (Wilson, Newcombe, MOVER-R on Wilson limits)."),
    Term(
        "Interval of the verdict",
        "An exact confidence sequence (beta-binomial, k = 100): it holds however often you look at it.",
        True,
    ),
    Term(
        "Still in the shop",
        "The share that saw another page of the shop, or bought, 30 seconds or more after the start of their clock.",
        True,
    ),
    Term(
        "Guardrail",
        "What the invitation must not worsen: who is still in the shop, and whose order within the window was paid and "
        "then cancelled or given back, wholly or in part.",
        True,
    ),
    *_brought_by("ppv_itt"),
    Term(
        "Difference at any time",
        "Invited less holdout, with limits that hold however often you look; they need 20 buyers an arm, or 50 for "
        "revenue.",
        True,
    ),
    Term(
        "Less what earlier orders foretell",
        "The same difference without what was to be expected of these visitors by their orders before it.",
        True,
    ),
    Term(
        "Frozen",
        "What an experiment was set to measure is kept with a fingerprint when its first visitor enters, and stays so.",
        True,
    ),
    Term(
        "Holdout of the store",
        "One draw for all quizzes, since one visitor may meet several of them and their effects do not add up.",
        True,
    ),
    Term("Comparison", "Two quizzes against each other: a fair draw says to which of them a page invites.", True),
    Term("Today's traffic", "Visitors a day over the last 28 days, or since the first one came.", True),
    Term("Reached", "The attempts that were shown a question; who was never asked it does not count there."),
    Term(
        "Still there",
        "The share that stays beyond a place (Kaplan-Meier); who finished is not taken for one who left.",
    ),
    Term(
        "Negative control",
        "What takers and others had bought before they ever saw the quiz, which it cannot have done.",
    ),
    Term(
        "Adjusted ratio",
        "The ratio between takers and others of the same device, channel, landing page, hour and earlier visits.",
    ),
    Term(
        "E-value",
        "How strongly something unseen would have to go with both taking the quiz and buying, to explain a ratio.",
    ),
    Term("Left here", "The attempts that ended at a question unanswered, of those that reached it."),
    Term(
        "Median and 90%",
        "Half of the answers took no longer than the median, nine in ten no longer than the other.",
    ),
)


# a term that reads best among related ones has its place there; the others of metrics follow in their order
TERMS = (*_WORDS, *(term for term in _brought_by(*(each.name for each in METRICS)) if term not in _WORDS))


def slug(name: str) -> str:
    """Return the place of a word on the page."""
    return "term-" + "".join(letter if letter.isalnum() else "-" for letter in name.lower())


def terms(*, randomised: bool) -> tuple[Term, ...]:
    """Return the words that a page explains: of two of one name, the one that holds there."""
    words = {term.name: term for term in TERMS if not term.randomised}
    if randomised:
        words |= {term.name: term for term in TERMS if term.randomised}
    return tuple(sorted(words.values(), key=TERMS.index))
