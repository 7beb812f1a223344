"""Laws of the preview: every state, in both schemes, in the store's look, and nothing from elsewhere."""

import html
import re

import pytest

from quizfunnel.preview.file import contrasts, preview, swatches
from quizfunnel.settings import Settings, ThemeSettings
from quizfunnel.theme.palette import PAIRS
from quizfunnel.theme.theme import Theme
from quizfunnel.theme.tokens import COLOURS


@pytest.fixture
def drawn(settings: Settings) -> str:
    """Give the preview of a store with a theme and a template of its own."""
    (settings.store / "templates" / "shopper").mkdir(parents=True, exist_ok=True)
    (settings.store / "templates" / "shopper" / "message.html").write_text("Own words: {{ title }}", "utf-8")
    return preview(settings.model_copy(update={"theme": ThemeSettings(name="harbour")}))


def test_every_state_is_there_in_both_schemes(drawn: str, settings: Settings) -> None:
    """Kinds of questions empty, chosen and faulty, the offer and what is beside, from the store's own templates.

    Stylesheets and pictures are within the file, the theme among them: nothing is fetched, and no script runs.
    """
    names = re.findall(r"<h2>([^<]+)</h2>", drawn)
    assert {"One of several", "Several, chosen", "A number, without an answer", "Offer of coffee"} <= set(names)
    assert {"One of several with pictures", "Message", "Signing in"} <= set(names)
    frames = [html.unescape(frame) for frame in re.findall(r'srcdoc="([^"]*)"', drawn)]
    assert len(frames) == 2 * len(names)
    assert sum("color-scheme:only dark" in frame for frame in frames) == len(names) - 1  # the own template has no head
    assert sum("Own words" in frame for frame in frames) == 2
    assert not list((settings.store / "var").glob("preview*"))
    assert not any(re.search(r'<script|(?:src|rel="stylesheet" href)="/', frame) for frame in frames)
    themed = ThemeSettings(name="harbour").theme().stylesheet({})
    assert sum(themed in frame for frame in frames) == len(frames) - 2


def test_every_token_and_pair_is_shown() -> None:
    """Those that are derived too."""
    assert [each.name for each in swatches(Theme())] == [f"--q-{token.replace('_', '-')}" for token in COLOURS]
    assert len(contrasts(Theme())) == len(PAIRS)
