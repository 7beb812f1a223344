"""Entry into experiments by the settings: where consent is asked for and no banner is heard nobody is drawn; pure."""

from collections.abc import Mapping

from quizfunnel.quiz.spec import Quiz
from quizfunnel.settings import Settings

REMEDY = (
    "say in [shop] how the shop's banner is heard (consent_adapter), or let the snippet ask (consent_banner = true); "
    "docs/shop.md"
)


def barred(settings: Settings) -> str:
    """Return why the shop's pages draw nobody, with the remedy; "" where they can.

    The quiz itself cannot ask: whoever opens it was invited, so that only one arm could say yes.
    """
    if settings.consent == "off" or settings.shop.hears_consent:
        return ""
    return f'consent = "ask" and no banner is configured, so that nobody is drawn: {REMEDY}'


def is_barred(settings: Settings, quizzes: Mapping[str, Quiz]) -> bool:
    """Tell whether an experiment is set whose visitors a connected shop's pages would draw, and cannot."""
    return is_of_pages(settings, quizzes) and bool(settings.shop.origins) and bool(barred(settings))


def is_of_pages(settings: Settings, quizzes: Mapping[str, Quiz]) -> bool:
    """Tell whether an experiment is set whose visitors the shop's pages draw; a door draws by itself."""
    by_door = (each.door for each in settings.comparisons.values())
    return settings.holdout is not None or not all(by_door) or any(quiz.experiment for quiz in quizzes.values())
