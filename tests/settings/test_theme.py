"""Laws of the theme's settings: what they accept can be read and is CSS, and what they refuse they explain."""

from pathlib import Path

import pytest
import tinycss2
from hypothesis import given, settings
from pydantic import ValidationError

from quizfunnel.orders.sources.configured import StoreSettings
from quizfunnel.settings import SettingsError, ThemeSettings
from quizfunnel.settings.theme import as_markdown
from quizfunnel.theme.palette import PAIRS, holds
from quizfunnel.theme.ready import READY
from quizfunnel.theme.tokens import COLOURS, SCHEMES
from tests.docs import markdown
from tests.theme.palettes import SETTINGS


@settings(max_examples=40)
@given(SETTINGS)
def test_what_is_accepted_can_be_read_and_is_css(written: dict[str, object]) -> None:
    """Every pair in both schemes, and a stylesheet of one rule with custom properties alone."""
    try:
        theme = ThemeSettings.model_validate(written).theme()
    except ValidationError as error:
        assert "the nearest that passes is" in str(error) or "no other" in str(error)  # noqa: PT017
        return
    colours = theme.tokens().colours
    for scheme in SCHEMES:
        assert holds({token: colours[token].of(scheme) for token in COLOURS}, PAIRS)
    rules = tinycss2.parse_stylesheet(theme.stylesheet({}))
    assert all(rule.type == "qualified-rule" for rule in rules)
    for rule in rules:
        declared = tinycss2.parse_blocks_contents(rule.content)
        assert declared
        assert all(each.type == "declaration" and each.name.startswith("--q-") for each in declared)


def test_a_theme_stands_in_the_stores_file(store: Path) -> None:
    """A ready one, with an accent of the store's own before it."""
    lines = 'name = "linen"\naccent = {light = "#14532d", dark = "#a7e3bd"}\nradius = 0\nfont = ["Georgia", "serif"]'
    (store / "quizfunnel.toml").write_text(f"[theme]\n{lines}", "utf-8")
    look = StoreSettings.load().theme.theme().look
    assert look.colours["accent"] == ("#14532d", "#a7e3bd")
    assert look.colours["surface"] == READY["linen"].colours["surface"]
    assert (look.shapes["radius"], look.shapes["font"]) == ("0px", '"Georgia", serif')


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            'accent = "#7a1f3d"',
            r'toml: theme: accent: in the dark scheme .* accent = {light = "#7a1f3d", dark = "#ca6881"}',
        ),
        ('accent = "red"', r'toml: theme: accent: light: must be a colour like "#7a1f3d".*; it is .red.'),
        ('accent = {light = "#000"}', r"toml: theme: accent: dark: is missing"),
        ('acent = "#000"', r"toml: theme: acent: is no key of this table"),
        ('name = "lime"', r"toml: theme: name: must be .*'linen'.*; it is 'lime'"),
        ('font = "a;b"', r"toml: theme: font: must be names of fonts"),
        ('logo = "logo.svg"', r"toml: theme: logo and logo_alt belong together"),
        ('logo = "../logo.svg"\nlogo_alt = "F"', r"toml: theme: logo: light: must be a file in static/"),
        ('logo = {dark = "logo.svg"}\nlogo_alt = "F"', r"toml: theme: logo and logo_alt belong together"),
        ('logo = "logo.svg"\nlogo_alt = "F"', r"toml: theme: logo.svg is not in .*/static; put it there"),
        ('font_files = {"Brand" = "brand.css"}', r"toml: theme: font_files: Brand: must be a file in static/"),
        ('font_files = {"serif" = "brand.woff2"}', r"theme: font_files: serif: .*must be the name of a font"),
    ],
)
def test_a_wrong_one_is_told_with_its_place(store: Path, lines: str, words: str) -> None:
    """The file, the setting, what is wrong, what to do."""
    (store / "quizfunnel.toml").write_text(f"[theme]\n{lines}", "utf-8")
    with pytest.raises(SettingsError, match=words):
        StoreSettings.load()


def test_files_are_those_of_the_store(store: Path) -> None:
    """A logo that is there is taken."""
    (store / "static").mkdir()
    (store / "static" / "logo.svg").write_text("<svg/>", "utf-8")
    (store / "quizfunnel.toml").write_text('[theme]\nlogo = "logo.svg"\nlogo_alt = "Fernhill"', "utf-8")
    assert StoreSettings.load().theme.theme().files() == ("logo.svg",)


def test_every_key_is_in_the_docs() -> None:
    """The table of docs/settings.md is the one that the code makes."""
    assert as_markdown() in markdown.read("docs/settings.md")
