"""From what the files say to the designs of experiments, with the size that each is planned for; pure."""

from collections.abc import Mapping

from quizfunnel.experiment.design import STORE, Design, Enrolment
from quizfunnel.quiz.spec import Quiz
from quizfunnel.settings import Comparison, Holdout, Settings
from quizfunnel.stats import sample_size
from quizfunnel.stats.defaults import ASSUMED_BASE


def enrolment(slug: str, quiz: Quiz, settings: Settings) -> Enrolment:
    """Return what a view of a page that invites to a quiz enters."""
    held = holdout_design(settings.holdout) if settings.holdout else quiz_design(slug, quiz)
    return Enrolment(slug, held, comparison_of(slug, settings.comparisons))


def quiz_design(slug: str, quiz: Quiz) -> Design | None:
    """Return the design of a quiz's own experiment, None where it has none."""
    said = quiz.experiment
    if said is None:
        return None
    return _planned(Design(slug, said.name, said.holdout_share, said.window_days, said.minimum_effect))


def holdout_design(said: Holdout) -> Design:
    """Return the design of the holdout that all quizzes share."""
    return _planned(Design(STORE, said.name, said.share, said.window_days, said.minimum_effect))


def comparison_design(name: str, said: Comparison) -> Design:
    """Return the design of two quizzes against each other."""
    held = round(1 - said.share, 12)
    return _planned(Design(STORE, name, held, said.window_days, said.minimum_effect, quizzes=said.quizzes))


def comparison_of(slug: str, comparisons: Mapping[str, Comparison]) -> Design | None:
    """Return the comparison that a quiz takes part in; a quiz is in one at most."""
    return next((comparison_design(name, each) for name, each in comparisons.items() if slug in each.quizzes), None)


def store_designs(settings: Settings) -> tuple[Design, ...]:
    """Return the store's experiments: the holdout first."""
    held = (holdout_design(settings.holdout),) if settings.holdout else ()
    return (*held, *(comparison_design(name, each) for name, each in settings.comparisons.items()))


def warnings(settings: Settings, quizzes: Mapping[str, Quiz]) -> list[str]:
    """Return a line for each setting of an experiment that cannot be meant so, by the quizzes that there are."""
    found = []
    for name, said in settings.comparisons.items():
        gone = [quiz for quiz in said.quizzes if quiz not in quizzes]
        found += [
            f"comparisons: {name}: there is no quiz `{quiz}`, so nobody is drawn; put quizzes/{quiz}.yaml there, or "
            "take the comparison out"
            for quiz in gone
        ]
        if not gone and len({quizzes[quiz].catalog_ref.file for quiz in said.quizzes}) > 1:
            found.append(
                f"comparisons: {name}: its quizzes are of two catalogues, and a page that invites to one will invite "
                "to the other; compare two quizzes about the same products"
            )
    if settings.holdout:
        found += [
            f"holdout: `{slug}` has an experiment of its own, `{quiz.experiment.name}`, which rests meanwhile"
            for slug, quiz in quizzes.items()
            if quiz.experiment and quiz.experiment.name != settings.holdout.name
        ]
    return found


def _planned(design: Design) -> Design:
    """Return the design with the visitors that its least effect takes, at a rate that no look at the log has bent."""
    needed = sample_size.visitors(ASSUMED_BASE, design.holdout_share, design.minimum_effect)
    return design._replace(base_rate=ASSUMED_BASE, planned=needed)
