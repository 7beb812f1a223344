"""Setup page's context: the steps, and how many of them are done; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizfunnel.insight.setup.steps import SetupStep
from quizfunnel.web.pages import StaffBar

TITLE = "Setup"


@dataclass(frozen=True, slots=True)
class SetupPage:
    """`insight/setup.html`: every step, and the first that is not done."""

    lang: str
    title: str
    staff: StaffBar
    done: int
    steps: tuple[SetupStep, ...]
    first_open: str


@dataclass(frozen=True, slots=True)
class ManualPage:
    """`insight/manual.html`: one page of docs; `text` is HTML that our own reader made of our own file."""

    lang: str
    title: str
    staff: StaffBar
    text: str


def setup_page(steps: Sequence[SetupStep], *, staff: StaffBar) -> SetupPage:
    """Return the page of these steps."""
    first = next((step.title for step in steps if not step.done), "")
    return SetupPage("en", TITLE, staff, sum(step.done for step in steps), tuple(steps), first)
