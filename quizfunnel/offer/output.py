"""An explanation as a person reads it in a terminal; pure."""

from collections.abc import Iterator, Sequence

from quizfunnel.offer.explanation import Explanation, ProductExplanation
from quizfunnel.recommend.serving.score_model import RULES

MOST_OTHERS = 5
MOST_FORBIDDEN = 20
_WIDEST = 44


def as_text(found: Explanation, *, most: int = MOST_OTHERS) -> str:
    """Return an explanation in lines."""
    return "\n".join(_lines(found, most))


def _lines(found: Explanation, most: int) -> Iterator[str]:
    yield f"Attempt {found.attempt}: quiz `{found.quiz}`, version {found.version[:12]}"
    yield f"Offer {found.revision}, chosen {found.chosen_at:%Y-%m-%d %H:%M} UTC by {_who(found)}"
    settings = ", ".join(f"{name} {value:g}" for name, value in found.policy.items())
    yield f"Order drawn around the scores: {settings}"
    yield from (f"Note: {note}" for note in found.notes)
    yield from ("", "Answers")
    yield from (f"  {question:<16} {words}" for question, words in found.answers.items())
    shown = [each for each in found.chosen if (each.rank or 0) <= found.show]
    yield from _section("Shown", shown)
    yield from _section("Next, for whom none of these suits", found.chosen[len(shown) :])
    yield from _section("Allowed and not chosen, the best first", found.others[:most])
    if len(found.others) > most:
        yield f"  and {len(found.others) - most} more"
    if found.forbidden:
        yield from ("", "Not allowed")
        yield from (f"  {each.product:<24} {'; '.join(each.forbidden)}" for each in found.forbidden[:MOST_FORBIDDEN])
        if len(found.forbidden) > MOST_FORBIDDEN:
            yield f"  and {len(found.forbidden) - MOST_FORBIDDEN} more; --json has all, --product one of them"


def _who(found: Explanation) -> str:
    who = "the rules" if found.model == RULES else f"model {found.model}"
    if found.fallback:
        who += f" in place of a model that could not serve ({found.fallback})"
    if found.rival:
        rival = "the rules" if found.rival == RULES else found.rival
        who += f", drawn with chance {found.model_share:g} in a challenge with {rival}"
    return who


def _section(title: str, accounts: Sequence[ProductExplanation]) -> Iterator[str]:
    if accounts:
        yield from ("", title)
    for each in accounts:
        yield from _account(each)


def _account(account: ProductExplanation) -> Iterator[str]:
    place = f"{account.rank}. " if account.rank else "-  "
    yield f"  {place}{account.title} ({account.product}){_numbers(account)}"
    yield from (f"     “{reason}”" for reason in account.reasons)
    yield f"     {'':<{_WIDEST}} {'rules':>8} {'learnt':>8} {'beside the mean':>16}"
    for part in account.parts:
        if part.rules or part.learnt or part.beside:
            said = f"{part.question}: {part.answer}"
            said = said if len(said) <= _WIDEST else f"{said[: _WIDEST - 1]}…"
            yield f"     {said:<{_WIDEST}} {part.rules:>+8.3f} {part.learnt:>+8.3f} {part.beside:>+16.3f}"
    if account.base:
        yield f"     {'whatever the answers':<{_WIDEST}} {'':>8} {account.base:>+8.3f}"


def _numbers(account: ProductExplanation) -> str:
    told = [
        f"{name} {value:{form}}"
        for name, value, form in (
            ("score", account.score, "+.3f"),
            ("chance in this slot", account.propensity, ".3g"),
            ("chance to lead", account.first, ".3g"),
        )
        if value is not None
    ]
    return f": {', '.join(told)}" if told else ""
