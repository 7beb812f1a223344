"""The newest version is told without loading the migrations' library."""

from quizfunnel.migrations import runner
from quizfunnel.migrations.newest import newest


def test_the_newest_is_the_runners_head() -> None:
    """One by the scripts' names, the other by what is written in them."""
    assert newest() == runner.head()
