"""Laws of entry in a report: which share of the shop's views could not enter, and an alarm where nobody can."""

from datetime import timedelta

from sqlalchemy import Engine

from quizfunnel.experiment import planning
from quizfunnel.experiment.design import Design
from quizfunnel.insight.output import json_report, text_report
from quizfunnel.insight.present import data_quality
from quizfunnel.insight.report import experiment, quiz
from quizfunnel.insight.report.entry import with_entry
from quizfunnel.insight.report.figures import AnyReport, ExperimentReport, Report
from quizfunnel.settings import Comparison, Holdout, InvitationSettings, Settings, Shop
from quizfunnel.shop.counts import ViewKind, count_place, count_view
from quizfunnel.shop.places import ENOUGH
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON
from tests.insight.shop import live

HEARD = Settings(shop=Shop(origins=("https://shop.example",), consent_adapter="call"))


def seen(engine: Engine, **views: int) -> None:
    """Count views of today, by their outcome, of the quiz's pages; and one of another's, and one of long ago."""
    kinds: dict[ViewKind, int] = views  # type: ignore[assignment]
    with writing(engine) as connection:
        for kind, count in kinds.items():
            for _ in range(count):
                count_view(connection, kind, "coffee", at=NOON)
        count_view(connection, "view", "tea", at=NOON)
        count_view(connection, "view", "coffee", at=NOON - timedelta(days=60))


def built(engine: Engine, settings: Settings = HEARD, *, simulated: bool = False, **changes: object) -> Report:
    """Return the report as of noon."""
    with reading(engine) as connection:
        report = quiz.build(connection, live(**changes), simulated=simulated, now=NOON)
        return with_entry(connection, report, settings)


def built_of(engine: Engine, design: Design) -> ExperimentReport:
    """Return the report of an experiment of the store as of noon."""
    with reading(engine) as connection:
        report = experiment.build(connection, design, simulated=False, now=NOON)
        return with_entry(connection, report, HEARD)


def facts(report: AnyReport) -> dict[str, tuple[str, bool]]:
    """Return what the strip says of entry, and whether it is an alarm."""
    return {each.name: (each.says, each.alarm) for each in data_quality.entry(report)}


def test_the_strip_says_which_share_could_not_enter(engine: Engine) -> None:
    """With the reasons; who agreed on the same page is one view, and bots are none."""
    seen(engine, view=80, view_no_consent=15, view_consented_later=5, view_no_storage=9, view_limited=1, view_bot=40)
    reasons = "10 without consent, 9 in browsers that keep nothing, 1 of too many at once"
    says = f"20.0% of 100 views of pages that invite: {reasons}"
    report = built(engine)
    assert facts(report) == {"Could not enter": (says, False)}
    assert says in text_report.as_text(report)
    assert json_report.as_json(report)["health"]["entry"]["no_consent"] == 10


def test_an_experiment_counts_the_pages_that_draw_for_it(engine: Engine) -> None:
    """The store's holdout those of every quiz, a comparison those of its two."""
    seen(engine, view=8)
    designs = (
        planning.holdout_design(Holdout(name="everywhere", share=0.2)),
        planning.comparison_design("shorter", Comparison(quizzes=("coffee", "short"), share=0.5)),
    )
    says = [facts(built_of(engine, design))["Could not enter"][0] for design in designs]
    assert says == [f"0% of {count} views of pages that invite" for count in (9, 8)]


def test_nothing_is_said_to_speak_for_figures_that_nobody_can_enter(engine: Engine) -> None:
    """Where no banner is configured, with the remedy, and where none of many views entered."""
    barred = built(engine, Settings(shop=Shop(origins=("https://shop.example",))))
    assert "consent_adapter" in facts(barred)["Nobody can enter"][0]
    assert data_quality.trusted(barred).startswith("Look at: nobody can enter")
    seen(engine, view_no_consent=100)
    assert facts(built(engine))["Could not enter"][1]
    assert data_quality.trusted(built(engine)).startswith("Look at: could not enter")


def test_an_experiment_whose_pages_have_no_place_is_an_alarm(engine: Engine) -> None:
    """Nobody can enter it, though consent is heard; one page that has its place is enough."""
    settings = HEARD.model_copy(
        update={"invitations": {path: InvitationSettings(quiz="coffee") for path in ("/beans", "/mugs")}}
    )
    with writing(engine) as connection:
        for path in ("/beans", "/mugs"):
            for _ in range(ENOUGH):
                count_place(connection, path, has_place=False, at=NOON)
    (says, alarm) = facts(built(engine, settings))["Nobody can enter"]
    assert alarm
    assert "views of /beans had a place" in says
    assert "views of /mugs had a place" in says
    with writing(engine) as connection:
        count_place(connection, "/mugs", has_place=True, at=NOON)
    assert "Nobody can enter" not in facts(built(engine, settings))


def test_simulated_visitors_have_no_views(engine: Engine) -> None:
    """They come through the rooms, and not by a snippet; nor is anything said before the first view."""
    seen(engine, view_no_consent=100)
    assert facts(built(engine, simulated=True)) == {}


def test_a_shop_with_a_ground_of_its_own_keeps_nobody_out(engine: Engine) -> None:
    """It needs no banner."""
    assert facts(built(engine, Settings(consent="off"))) == {}


def test_a_window_that_some_browsers_forget_within_says_so(engine: Engine) -> None:
    """Safari keeps a script's storage for a week: said of a connected shop, and of no shorter window."""
    longer = {"name": "spring", "holdout_share": 0.2, "window_days": 14}
    (says, alarm) = facts(built(engine, experiment=longer))["Forgotten by Safari"]
    assert "after 7 days" in says
    assert "14 days" in says
    assert not alarm
    assert "Forgotten by Safari" not in facts(built(engine))
    assert "Forgotten by Safari" not in facts(built(engine, Settings(consent="off"), experiment=longer))
