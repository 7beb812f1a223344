"""Text output of an explanation, for a terminal; pure."""

from collections.abc import Iterator, Sequence

from quizfunnel.offer.explained.explanation import ExplainedSection, Explanation, ProductExplanation
from quizfunnel.recommend.serving.score_model import RULES

MOST_OTHERS = 5
MOST_FORBIDDEN = 20
_WIDEST = 44


def as_text(explanation: Explanation, *, most: int = MOST_OTHERS) -> str:
    """Return an explanation in lines."""
    return "\n".join(_lines(explanation, most))


def _lines(explanation: Explanation, most: int) -> Iterator[str]:
    yield f"Attempt {explanation.attempt}: quiz `{explanation.quiz}`, version {explanation.version[:12]}"
    yield f"Offer {explanation.revision}, chosen {explanation.chosen_at:%Y-%m-%d %H:%M} UTC by {_who(explanation)}"
    settings = ", ".join(f"{name} {value:g}" for name, value in explanation.policy.items())
    yield f"Order drawn around the scores: {settings}"
    yield from (f"Note: {note}" for note in explanation.notes)
    yield from ("", "Answers")
    yield from (f"  {question:<16} {words}" for question, words in explanation.answers.items())
    shown = [each for each in explanation.chosen if (each.rank or 0) <= explanation.page]
    for section, show, eligible in explanation.sections or [ExplainedSection("", explanation.show, 0)]:
        name = f" in `{section}`, {show} of {eligible} that it could show" if section else ""
        yield from _section(f"Shown{name}", [each for each in shown if each.section == section])
    yield from _section("Next, for whom none of these suits", explanation.chosen[len(shown) :])
    yield from _section("Allowed and not chosen, the best first", explanation.others[:most])
    if len(explanation.others) > most:
        yield f"  and {len(explanation.others) - most} more"
    if explanation.forbidden:
        yield from ("", "Not allowed")
        yield from (
            f"  {each.product:<24} {'; '.join(each.forbidden)}" for each in explanation.forbidden[:MOST_FORBIDDEN]
        )
        if len(explanation.forbidden) > MOST_FORBIDDEN:
            yield f"  and {len(explanation.forbidden) - MOST_FORBIDDEN} more; --json has all, --product one of them"


def _who(explanation: Explanation) -> str:
    who = "the rules" if explanation.model == RULES else f"model {explanation.model}"
    if explanation.fallback:
        who += f" in place of a model that could not serve ({explanation.fallback})"
    if explanation.rival:
        rival = "the rules" if explanation.rival == RULES else explanation.rival
        who += f", drawn with chance {explanation.model_share:g} in a challenge with {rival}"
    return who


def _section(title: str, products: Sequence[ProductExplanation]) -> Iterator[str]:
    if products:
        yield from ("", title)
    for each in products:
        yield from _product(each)


def _product(product: ProductExplanation) -> Iterator[str]:
    place = f"{product.rank}. " if product.rank else "-  "
    section = f" in `{product.section}`" if product.section else ""
    yield f"  {place}{product.title} ({product.product}){section}{_numbers(product)}"
    yield from (f"     “{reason}”" for reason in product.reasons)
    yield f"     {'':<{_WIDEST}} {'rules':>8} {'learnt':>8} {'beside the mean':>16}"
    for part in product.parts:
        if part.rules or part.learnt or part.beside:
            words = f"{part.question}: {part.answer}"
            words = words if len(words) <= _WIDEST else f"{words[: _WIDEST - 1]}…"
            yield f"     {words:<{_WIDEST}} {part.rules:>+8.3f} {part.learnt:>+8.3f} {part.beside:>+16.3f}"
    if product.base:
        yield f"     {'whatever the answers':<{_WIDEST}} {'':>8} {product.base:>+8.3f}"


def _numbers(product: ProductExplanation) -> str:
    numbers = [
        f"{name} {value:{form}}"
        for name, value, form in (
            ("score", product.score, "+.3f"),
            ("chance in this slot", product.propensity, ".3g"),
            ("chance to lead", product.first, ".3g"),
        )
        if value is not None
    ]
    return f": {', '.join(numbers)}" if numbers else ""
