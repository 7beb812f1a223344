"""Places of invitations on the shop's pages: by views of each pattern, which of them have none any more; pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from quizfunnel.settings import Settings

ENOUGH = 20  # views without a place, of pages that had one: fewer may be of pages that never do
_A_DAY_BETWEEN = timedelta(days=2)


class Placing(NamedTuple):
    """Views of the pages of one pattern: how many had a place, and how many have had none since the last that did."""

    found: int = 0
    missing: int = 0
    last_found: date | None = None

    def is_lost(self, today: date) -> bool:
        """Tell whether these pages have no place; `/*` may well have some without one, every day some with."""
        if self.last_found is None:
            return self.missing > 0
        return self.last_found <= today - _A_DAY_BETWEEN and self.missing >= ENOUGH


def lost(counted: Mapping[str, Placing], settings: Settings, *, now: datetime, least: int = 1) -> dict[str, str]:
    """Return why a pattern of the settings invites nobody, with the remedy, of at least so many views, by pattern."""
    today = now.astimezone(UTC).date()
    return {
        pattern: (
            f"{_views(counted[pattern].missing, pattern)} place for the invitation, so that nobody is invited there: "
            f"{remedy(settings, pattern)}"
        )
        for pattern in settings.invitations
        if pattern in counted and counted[pattern].is_lost(today) and counted[pattern].missing >= least
    }


def _views(missing: int, pattern: str) -> str:
    if missing == 1:
        return f"the last view of {pattern} had no"
    return f"none of the last {missing:,} views of {pattern} had a"


def remedy(settings: Settings, pattern: str) -> str:
    """Return how a page gets its place, and which places are looked for."""
    own = settings.invitations[pattern].place
    selectors = [selector for selector in dict.fromkeys((own, settings.shop.place)) if selector]
    mend = f", or mend place (nothing there fits {' or '.join(selectors)})" if selectors else ""
    return f'write <div data-qf style="min-height: 8rem"></div> into these pages{mend}'


def nobody_is_invited(reasons: Mapping[str, str], settings: Settings, quizzes: Iterable[str]) -> str:
    """Return why no page invites to these quizzes, to any where none is named; "" where one of them may."""
    named = set(quizzes)
    patterns = [pattern for pattern, each in settings.invitations.items() if not named or each.quiz in named]
    return "; ".join(reasons[pattern] for pattern in patterns) if patterns and reasons.keys() >= {*patterns} else ""
