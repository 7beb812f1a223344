"""Theme of the pages: its stylesheet at an address of its own, and the logo in their head."""

from dataclasses import dataclass

from quizfunnel.theme.theme import Theme
from quizfunnel.web.delivery.files import StaticFiles

SHEET = "theme.css"


@dataclass(frozen=True, slots=True)
class PageTheme:
    """`theme` of every template: addresses of its stylesheet and logo, empty where none was set."""

    css: str = ""
    logo: str = ""
    logo_dark: str = ""
    logo_alt: str = ""


def publish(theme: Theme, files: StaticFiles) -> PageTheme:
    """Put the theme's stylesheet among the static files and return what pages have of it.

    A theme that sets nothing has none: no page waits for an empty file.
    """
    text = theme.stylesheet({path: files.address(path) for path in theme.files()})
    css = files.add(SHEET, text) if text else ""
    logo, dark = (files.address(path) if path else "" for path in (theme.logo, theme.logo_dark))
    return PageTheme(css, logo, dark, theme.logo_alt)
