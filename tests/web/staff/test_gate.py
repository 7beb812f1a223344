"""Laws of the gate before staff pages: what it lets through, and where signing in leads on to."""

import pytest

from quizfunnel.web.staff import gate


@pytest.mark.parametrize(
    "path", [None, "", "https://evil.example", "//evil.example", "/insight/../x\n", "/insightful", "/insight/\\evil"]
)
def test_onward_stays_on_our_pages(path: str | None) -> None:
    """An address that is no staff page leads to the list."""
    assert gate.onward(path) == "/insight"
    assert gate.onward("/insight/coffee?data=real") == "/insight/coffee?data=real"
