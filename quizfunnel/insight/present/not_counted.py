"""Page of a log that is too long for its figures to be waited for, and was never rolled up."""

import sys
from pathlib import Path
from shlex import quote

from quizfunnel.experiment.design import STORE
from quizfunnel.insight.present.pages import UncountedPage
from quizfunnel.insight.words.numbers import number
from quizfunnel.log.definitions import WAIT_LIMITS
from quizfunnel.log.scope import Scope
from quizfunnel.web.pages import StaffBar

STATUS = 503  # nothing is wrong with what was asked; it can be answered once the figures are there
TITLE = "Not counted yet"
SAYS = f"The log has more than {number(WAIT_LIMITS.awaited)} visitors, and was never counted ahead."


def line() -> str:
    """Return what a program is told."""
    return f"{SAYS} Run quizfunnel rollup first."


def page(scope: Scope, *, store: Path, again: str, staff: StaffBar) -> UncountedPage:
    """Return what a person is told: what counts the log of a store now, and what does so every night."""
    whose = f"--experiment {scope.experiment}" if scope.quiz == STORE else scope.quiz
    sort = " --simulated" if scope.simulated else ""
    cron = f"0 3 * * * cd {quote(str(store))} && {quote(_command())} rollup"
    return UncountedPage("en", TITLE, SAYS, f"quizfunnel report {whose}{sort}", again, cron, staff)


def _command() -> str:
    """Return the program with its folder, which cron does not look into."""
    program = Path(sys.executable).with_name("quizfunnel")
    return str(program) if program.exists() else "quizfunnel"
