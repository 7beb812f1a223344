"""Template environment and static files: the store's own folder first, then the shipped one."""

from collections.abc import Sequence
from pathlib import Path

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from quizfunnel.i18n.languages import direction
from quizfunnel.kit.money import format_money
from quizfunnel.theme.theme import Theme
from quizfunnel.web.delivery import files as static_files
from quizfunnel.web.delivery import theme as page_theme
from quizfunnel.web.delivery.files import StaticFiles
from quizfunnel.web.language import template_words

SCRIPT = "shopper.js"
_PARTS = ("vendor/htmx.min.js", "quiz.js", "attention.js", "analytics.js")


def install(app: Flask, folders: Sequence[Path], *, demo: bool = False, theme: Theme | None = None) -> None:
    """Give `app` its templates and static files from ``templates/`` and ``static/`` of `folders`, the first one first.

    A store's template may extend the shipped one of the same name as ``shipped:<name>``. Templates
    run in a sandbox and see nothing but their page's fields, `asset`, `money`, `direction`, `theme` and `demo`, and
    the words of the page's language.
    """
    loaders = [FileSystemLoader(folder / "templates") for folder in folders]
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([*loaders, PrefixLoader({"shipped": loaders[-1]}, ":")]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    files = StaticFiles([folder / "static" for folder in folders])
    files.join(SCRIPT, _PARTS)
    worn = page_theme.publish(theme or Theme(), files)
    environment.globals.update(asset=files.address, money=format_money, direction=direction, theme=worn, demo=demo)
    template_words.install(environment)
    app.extensions["templates"] = environment
    app.extensions["files"], app.extensions["static"] = files, files.folders
    app.add_url_rule("/static/<path:path>", "static", static_files.send)
