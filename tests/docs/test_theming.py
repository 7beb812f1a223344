"""Laws of docs/theming.md: its example makes a look, and it names what there is."""

import re
import tomllib
from pathlib import Path

import pytest

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings, ThemeSettings
from quizfunnel.theme.colour import as_hex, mix, normal, parse
from quizfunnel.theme.palette import CHOSEN, HOVER, MESSAGE, complete
from quizfunnel.theme.ready import READY
from quizfunnel.theme.tokens import COLOURS, DEFAULT, SCHEMES, SHAPES, custom_property
from tests.docs import markdown

ROOT = Path(__file__).parents[2]
PAGE = markdown.read("docs/theming.md")


def block(language: str) -> str:
    """Return the page's one example in a language."""
    [example] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return str(example)


def test_the_example_is_a_theme_that_is_worn(settings: Settings, clock: SetClock) -> None:
    """Its settings are taken as they stand, with the files that they name, and each of them comes to a page."""
    for path in ("fonts/brand.woff2", "logo.svg"):
        file = settings.store / "static" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    theme = ThemeSettings.model_validate(tomllib.loads(block("toml"))["theme"])
    app = create_app(settings.model_copy(update={"theme": theme}), clock=clock, demo=False)
    browser = app.test_client()
    page = browser.get("/q/coffee").text
    sheet = browser.get(
        re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.partition("</head>")[0])[-1]
    ).get_data(as_text=True)
    assert re.search(r'<picture><img class="logo" src="/static/logo.svg[^"]*" alt="Fernhill"></picture>', page)
    for each in (
        "light-dark(#7a1f3d,#ffb3c7)",
        "--q-radius:4px",
        '--q-font:"Brand Sans", system-ui',
        "/fonts/brand.woff2?v=",
    ):
        assert each in sheet
    assert set(READY) == set(re.findall(r"`(\w+)`", PAGE.partition("three ready themes")[2][:60]))
    app.extensions["quizfunnel"].engine.dispose()


def test_the_example_is_what_a_shopper_gets(settings: Settings, clock: SetClock) -> None:
    """The stylesheet comes after ours, on every page, and has the bytes that the page shows."""
    for name, text in (("static/brand.css", block("css")), ("templates/shopper/base.html", block("jinja"))):
        file = settings.store / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    app = create_app(settings, clock=clock, demo=False)
    browser = app.test_client()
    for path in ("/q/coffee", "/q/nothing"):
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', browser.get(path).text.partition("</head>")[0])
        assert [sheet.partition("?")[0] for sheet in sheets][-1] == "/static/brand.css", path
        assert len(sheets) > 1
    with browser.get(sheets[-1]) as sheet:
        assert sheet.get_data(as_text=True) == block("css")
    app.extensions["quizfunnel"].engine.dispose()


def test_the_properties_are_those_of_the_stylesheet() -> None:
    """Each that the page tells of is set there, and no other."""
    told = re.findall(r"^\| `(--q-[\w-]+)`", PAGE, re.MULTILINE)
    assert told == re.findall(r"^  (--q-[\w-]+):", (ROOT / "static" / "quiz.css").read_text("utf-8"), re.MULTILINE)
    assert set(told) == {custom_property(token) for token in (*COLOURS, *SHAPES)} - {"--q-good"}


def test_the_default_theme_is_that_of_the_stylesheet() -> None:
    """What is proven is what is drawn: the same colours, mixed in the same shares."""
    sheet = (ROOT / "static" / "quiz.css").read_text("utf-8")
    for token, pair in DEFAULT.colours.items():
        [written] = re.findall(rf"  {custom_property(token)}: light-dark\((#\w+), (#\w+)\);", sheet)
        assert tuple(map(normal, written)) == pair, token
    for token in ("muted", "line", "edge"):
        [share] = re.findall(rf"  {custom_property(token)}: color-mix\(in srgb, var\(--q-text\) (\d+)%", sheet)
        for scheme in SCHEMES:
            palette = complete({}, scheme)
            mixed = mix(parse(palette["text"]), parse(palette["surface"]), int(share) / 100)
            assert palette[token] == as_hex(mixed), token
    assert f"var(--q-accent) {HOVER:.0%}, var(--q-text)" in sheet
    assert f"currentColor {MESSAGE:.0%}, var(--q-surface)" in sheet
    assert f"var(--q-accent) {CHOSEN:.0%}, var(--q-raised)" in sheet


def test_every_stylesheet_sets_the_same_defaults() -> None:
    """The demo's shop is drawn without quiz.css: a token that it sets too has the value that the quiz's pages have."""
    sheets = {
        sheet.name: dict(re.findall(r"^  (--q-[\w-]+): (.+);$", sheet.read_text("utf-8"), re.MULTILINE))
        for sheet in (ROOT / "static").glob("*.css")
    }
    assert sheets["shop.css"]
    for name, tokens in sheets.items():
        assert tokens.items() <= sheets["quiz.css"].items(), name


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(shopper/\w+\.html)`", PAGE))))
def test_the_templates_are_there(name: str) -> None:
    """As are all that are no part of another, none left out."""
    assert (ROOT / "templates" / name).is_file()


def test_every_page_and_block_is_named() -> None:
    """A page that the docs leave out could not be themed by them."""
    folder = ROOT / "templates" / "shopper"
    assert {f"shopper/{file.name}" for file in folder.glob("[a-z]*.html")} <= set(
        re.findall(r"`(shopper/\w+\.html)`", PAGE)
    )
    blocks = re.findall(r"{% block (\w+) %}", (folder / "base.html").read_text("utf-8"))
    assert {"styles", "header", "main", "after"} <= set(blocks)
    assert "change one block: `meta`, `styles`, `header`, `main`, `after`" in re.sub(r"\s+", " ", PAGE)
