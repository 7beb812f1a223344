"""Health of a connected shop: whether visitors can enter, and whether they come as if through one proxy."""

from datetime import timedelta

from sqlalchemy import Engine

from quizfunnel.experiment import entering
from quizfunnel.experiment.quiz_names import page_without
from quizfunnel.kit.clock import Clock
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.settings import PREFIX, Settings
from quizfunnel.shop import counts, places
from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.web.health import Probe

NAME = "shop"
WITHIN = timedelta(hours=1)
_MANY, _NEARLY_ALL = 50, 0.9  # new visitors within that time, of which one network brings so large a share


def probes(settings: Settings, engine: Engine, clock: Clock, shelf: Shelf) -> list[Probe]:
    """Return the state of the shop's pages, nothing where no shop is connected."""
    if not settings.shop.origins:
        return []
    quizzes = {slug: live.quiz for slug in shelf.slugs() if (live := shelf.live(slug))}
    problems = [entering.barred(settings)] if entering.is_barred(settings, quizzes) else []
    problems += [
        f"invitations: {path}: {page_without(each.quiz, quizzes)}"
        for path, each in settings.invitations.items()
        if each.quiz not in quizzes
    ]
    limit, now = settings.shop.new_visitors_a_minute, clock.now()
    try:
        with reading(engine) as connection:
            busiest = counts.newcomers(connection, since=now - WITHIN, most=limit)
            placed = counts.placings(connection, now=now)
    except DatabaseAway:  # its own probe says so
        return []
    if busiest.all >= _MANY and busiest.of_one >= busiest.all * _NEARLY_ALL:
        problems.append(
            f"{busiest.of_one} of the last hour's {busiest.all} new visitors came from one network address: where a "
            f"proxy stands in front, say so by {PREFIX}PROXIES"
        )
    if busiest.refused:
        problems.append(
            f"in the last hour {busiest.refused} new visitors were not recorded, since one network may bring {limit} a "
            "minute (new_visitors_a_minute in [shop])"
        )
    problems += places.lost(placed, settings, now=now, least=places.ENOUGH).values()
    return [Probe(NAME, "degraded", say) for say in problems] or [Probe(NAME, "ok", ", ".join(settings.shop.origins))]
