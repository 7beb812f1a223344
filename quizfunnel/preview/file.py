"""Preview as one file: every state of the pages in both schemes, with all that it needs within it."""

import base64
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from quizfunnel.app import create_app
from quizfunnel.migrations import runner
from quizfunnel.preview.visitor import PageState, states
from quizfunnel.settings import Settings, Shop
from quizfunnel.shipped import shipped_folder
from quizfunnel.store.engine import open_engine
from quizfunnel.theme.colour import said
from quizfunnel.theme.palette import PAIRS, ratio
from quizfunnel.theme.theme import Theme
from quizfunnel.theme.tokens import COLOURS, SCHEMES, Scheme, TwoSchemes, custom_property
from quizfunnel.web.render import render_text

_QUIZZES = ["coffee", "skin-care"]
_LINK = re.compile(r'<link rel="stylesheet" href="(/static/[^"]+)">')
_PAPER = re.compile(r'<link rel="stylesheet"[^>]* media="print">\n?')
_SCRIPT = re.compile(r"<script\b[^>]*></script>\n?")
_PICTURE = re.compile(r'\b(src|srcset)="(/static/[^" ]+)"')
_DARK = 'media="(prefers-color-scheme: dark)"'
_ICON = re.compile(r'<link rel="icon"[^>]*>\n?')
_OWN = ("templates", "static", "locale")


@dataclass(frozen=True, slots=True)
class Swatch:
    """Token with its colours, and what it colours."""

    name: str
    colours: TwoSchemes
    meaning: str


@dataclass(frozen=True, slots=True)
class Contrast:
    """Pair of colours: the contrast that it needs, and that of each scheme."""

    pair: str
    least: str
    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """`preview/theme.html`: tokens, contrasts, and each state as a whole page for each scheme."""

    title: str
    swatches: tuple[Swatch, ...]
    contrasts: tuple[Contrast, ...]
    states: tuple[tuple[str, tuple[tuple[Scheme, str], ...]], ...]


def preview(settings: Settings) -> str:
    """Return the file, made of a store of its own: nothing is read from the store's database, and nothing kept."""
    with _beside(settings) as app:
        client = app.test_client()
        shown = [_in_both(client, state) for state in states(client, _QUIZZES)]
        theme = settings.theme.theme()
        page = PreviewPage("Theme", swatches(theme), contrasts(theme), tuple(shown))
        with app.app_context():
            return render_text("preview/theme.html", page)


def swatches(theme: Theme) -> tuple[Swatch, ...]:
    """Return every colour of a theme."""
    colours = theme.tokens().colours
    return tuple(Swatch(custom_property(token), colours[token], meaning) for token, meaning in COLOURS.items())


def contrasts(theme: Theme) -> tuple[Contrast, ...]:
    """Return every pair that is proven, with its contrasts."""
    colours = theme.tokens().colours
    palettes = [{token: pair.of(scheme) for token, pair in colours.items()} for scheme in SCHEMES]
    return tuple(
        Contrast(
            f"{pair.token} on {pair.ground}", f"{pair.least:g}", *(said(ratio(palette, pair)) for palette in palettes)
        )
        for pair in PAIRS
    )


@contextmanager
def _beside(settings: Settings) -> Iterator[Flask]:
    """Give an app with the store's look and words, the shipped quizzes, and an empty database."""
    with tempfile.TemporaryDirectory(prefix="quizfunnel-preview-") as made:
        folder = Path(made)
        (folder / "quizzes").symlink_to(shipped_folder() / "quizzes", target_is_directory=True)
        for name in _OWN:
            if (settings.store / name).is_dir():
                (folder / name).symlink_to(settings.store / name, target_is_directory=True)
        alone = {"store": folder, "database_url": f"sqlite:///{folder / 'preview.sqlite3'}", "erasures": None}
        quiet = {
            "public_url": "",
            "shop_url": "/",
            "shop": Shop(),
            "holdout": None,
            "comparisons": {},
            "invitations": {},
        }
        store = settings.model_copy(update={**alone, **quiet, "consent": "off", "auto_publish": True})
        engine = open_engine(store.database, pooled=False, making=True)
        runner.upgrade(engine)
        engine.dispose()
        app = create_app(store, demo=False)
        try:
            yield app
        finally:
            app.extensions["quizfunnel"].engine.dispose()


def _in_both(client: FlaskClient, state: PageState) -> tuple[str, tuple[tuple[Scheme, str], ...]]:
    whole = _whole(client, state.html)
    shown = {"light": whole.replace(_DARK, 'media="not all"'), "dark": whole.replace(_DARK, 'media="all"')}
    return state.name, tuple((scheme, shown[scheme].replace("</head>", _scheme(scheme), 1)) for scheme in SCHEMES)


def _scheme(scheme: Scheme) -> str:
    return f"<style>:root{{color-scheme:only {scheme}!important}}</style></head>"


def _whole(client: FlaskClient, html: str) -> str:
    """Return a page that needs no server: its stylesheets and pictures within it, and no scripts."""
    html = _ICON.sub("", _PAPER.sub("", _SCRIPT.sub("", html)))
    html = _LINK.sub(lambda link: f"<style>{_sent(client, link[1]).decode()}</style>", html)
    return _PICTURE.sub(lambda picture: f'{picture[1]}="{_data(client, picture[2])}"', html)


def _sent(client: FlaskClient, address: str) -> bytes:
    with client.get(address.replace("&amp;", "&")) as response:
        return bytes(response.data)


def _data(client: FlaskClient, address: str) -> str:
    with client.get(address.replace("&amp;", "&")) as response:
        return f"data:{response.mimetype};base64,{base64.b64encode(response.data).decode()}"
