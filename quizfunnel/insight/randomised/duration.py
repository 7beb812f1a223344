"""Duration of an experiment at the traffic that a quiz's pages have, before it begins and while it runs."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, inspect, select

from quizfunnel.insight.words.numbers import about, number, percent
from quizfunnel.log.definitions import TRAFFIC_DAYS
from quizfunnel.quiz.spec import Quiz
from quizfunnel.stats import sample_size
from quizfunnel.stats.defaults import ASSUMED_BASE
from quizfunnel.stats.sample_size import PlanningInput
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, Visitor

TOLD = (0.1, 0.2, 0.5)

_a, _v = columns(Assignment), columns(Visitor)


def outlook(connection: Connection, slug: str, quiz: Quiz, *, now: datetime) -> str:
    """Return how many days the quiz's experiment takes to see some changes.

    "" without one, without traffic, or where the database is not there yet.
    """
    experiment = quiz.experiment
    if experiment is None or not inspect(connection).has_table(str(Assignment.__tablename__)):
        return ""
    per_day = _per_day(connection, slug, now)
    if not per_day:
        return ""
    setting = PlanningInput(ASSUMED_BASE, experiment.holdout_share, 0, per_day, experiment.window_days)
    plans = sample_size.outlook(setting, TOLD)
    days = ", ".join(f"{plan.effect:+.0%} {about(plan.days or 0)} days" for plan in plans)
    return (
        f"experiment {experiment.name}: at {number(round(per_day))} new visitors a day, of whom "
        f"{percent(ASSUMED_BASE)} buy, it takes to see {days}"
    )


def _per_day(connection: Connection, slug: str, now: datetime) -> float:
    """Return the real shoppers a day who came to a page that invites to the quiz, in whatever experiment."""
    since = now - timedelta(days=TRAFFIC_DAYS)
    statement = select(func.count(_a.visitor_id.distinct()), func.min(_a.t0)).join(Visitor, _v.id == _a.visitor_id)
    mine = (_a.quiz == slug, _a.t0 >= since, _a.t0 <= now, _v.kind == "shopper", ~_v.simulated)
    count, first = connection.execute(statement.where(*mine)).one()
    # since the first of them came, where that is less than four weeks ago; a first hour is no day
    return float(count / max(1.0, (now - first) / timedelta(days=1))) if count else 0.0
