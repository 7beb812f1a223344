"""Planning: the designs of experiments, from the quiz files and the store's settings, each with its size; pure."""

from collections.abc import Mapping
from functools import lru_cache

from quizfunnel.experiment import entering
from quizfunnel.experiment.design import STORE, Design, Enrolment
from quizfunnel.experiment.quiz_names import meant, page_without
from quizfunnel.quiz.spec import Experiment, Quiz
from quizfunnel.settings import Comparison, Holdout, Settings
from quizfunnel.stats import sample_size
from quizfunnel.stats.defaults import ASSUMED_BASE

# asked at every view of a page that invites, of the same few designs
_visitors = lru_cache(maxsize=1024)(sample_size.visitors)


def enrolment(slug: str, quiz: Quiz, settings: Settings) -> Enrolment:
    """Return the experiments that a view of a page that invites to a quiz enters."""
    holdout = holdout_design(settings.holdout) if settings.holdout else quiz_design(slug, quiz)
    return Enrolment(slug, holdout, comparison_of(slug, settings.comparisons))


def quiz_design(slug: str, quiz: Quiz) -> Design | None:
    """Return the design of a quiz's own experiment, None where it has none."""
    experiment = quiz.experiment
    if experiment is None:
        return None
    share, days, effect = experiment.holdout_share, experiment.window_days, experiment.minimum_effect
    return _planned(Design(slug, experiment.name, share, days, effect))


def as_experiment(design: Design) -> Experiment:
    """Return a design in the shape of a quiz file's experiment; unchecked, since a frozen one may be of older rules."""
    return Experiment.model_construct(
        name=design.experiment,
        holdout_share=design.holdout_share,
        window_days=design.window_days,
        minimum_effect=design.minimum_effect,
    )


def holdout_design(holdout: Holdout) -> Design:
    """Return the design of the holdout that all quizzes share."""
    return _planned(Design(STORE, holdout.name, holdout.share, holdout.window_days, holdout.minimum_effect))


def comparison_design(name: str, comparison: Comparison) -> Design:
    """Return the design of two quizzes against each other."""
    share, days, effect = round(1 - comparison.share, 12), comparison.window_days, comparison.minimum_effect
    return _planned(Design(STORE, name, share, days, effect, quizzes=comparison.quizzes))


def comparison_of(slug: str, comparisons: Mapping[str, Comparison]) -> Design | None:
    """Return the comparison that a quiz takes part in; a quiz is in one at most."""
    return next((comparison_design(name, each) for name, each in comparisons.items() if slug in each.quizzes), None)


def store_designs(settings: Settings) -> tuple[Design, ...]:
    """Return the store's experiments: the holdout first."""
    holdout = (holdout_design(settings.holdout),) if settings.holdout else ()
    return (*holdout, *(comparison_design(name, each) for name, each in settings.comparisons.items()))


def doors(settings: Settings) -> dict[str, str]:
    """Return the address of each comparison that has a door, by its name; of this server where no other is set."""
    here = next(iter(settings.public_urls), "").rstrip("/")
    return {name: f"{here}/c/{name}" for name, each in settings.comparisons.items() if each.door}


def warnings(settings: Settings, quizzes: Mapping[str, Quiz]) -> list[str]:
    """Return a warning for each setting of an experiment that contradicts the quizzes that there are."""
    lines = [f"consent: {entering.barred(settings)}"] if entering.is_barred(settings, quizzes) else []
    lines += _unconnected(settings, quizzes)
    lines += [
        f"invitations: {path}: {page_without(each.quiz, quizzes)}"
        for path, each in settings.invitations.items()
        if each.quiz not in quizzes
    ]
    for name, comparison in settings.comparisons.items():
        gone = [quiz for quiz in comparison.quizzes if quiz not in quizzes]
        lines += [
            f"comparisons: {name}: there is no quiz `{quiz}`, so nobody is drawn; {meant(quiz, quizzes)}, or take the "
            "comparison out"
            for quiz in gone
        ]
        if not gone and len({quizzes[quiz].catalog_ref.file for quiz in comparison.quizzes}) > 1:
            lines.append(
                f"comparisons: {name}: its quizzes are of two catalogues, and a page that invites to one will invite "
                "to the other; compare two quizzes about the same products"
            )
    if settings.holdout:
        lines += [
            f"holdout: `{slug}` has an experiment of its own, `{quiz.experiment.name}`, which rests meanwhile"
            for slug, quiz in quizzes.items()
            if quiz.experiment and quiz.experiment.name != settings.holdout.name
        ]
    return lines


def _unconnected(settings: Settings, quizzes: Mapping[str, Quiz]) -> list[str]:
    """Return what is missing of a shop that is half connected; quizzes alone may stand on its pages."""
    if settings.invitations and not settings.shop.origins:
        remedy = 'write origins = ["https://shop.example"] under [shop]'
        return [f"invitations: nobody is invited, since no page may use the snippet; say whose pages may: {remedy}"]
    if settings.shop.origins and not settings.invitations and entering.is_of_pages(settings, quizzes):
        remedy = 'write "/coffee/*" = "coffee" under [invitations]'
        return [f"shop: no page invites to a quiz, so that nobody is drawn; say which does: {remedy}"]
    return []


def _planned(design: Design) -> Design:
    """Return the design with the visitors that its least effect takes, at a rate that no look at the log has bent."""
    needed = _visitors(ASSUMED_BASE, design.holdout_share, design.minimum_effect)
    return design._replace(base_rate=ASSUMED_BASE, planned=needed)
