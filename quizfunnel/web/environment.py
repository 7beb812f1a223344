"""Template environment and static files: the store's own folder first, then the shipped one."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, current_app, request, send_from_directory
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from quizfunnel.i18n.languages import direction
from quizfunnel.kit.money import format_money
from quizfunnel.web.language import template_words

_A_YEAR = 365 * 24 * 3600


def install(app: Flask, folders: Sequence[Path], *, demo: bool = False) -> None:
    """Give `app` its templates and static files from ``templates/`` and ``static/`` of `folders`, the first one first.

    A store's template may extend the shipped one of the same name as ``shipped:<name>``. Templates
    run in a sandbox and see nothing but their page's fields, `asset`, `money`, `direction` and `demo`, and the words
    of the page's language.
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
    static = tuple((folder / "static").absolute() for folder in folders)
    environment.globals.update(
        asset=lambda path: _asset(static, path), money=format_money, direction=direction, demo=demo
    )
    template_words.install(environment)
    app.extensions["templates"] = environment
    app.extensions["static"] = static
    app.add_url_rule("/static/<path:path>", "static", _send)


def _send(path: str) -> Response:
    for folder in current_app.extensions["static"]:
        if _inside(folder, path):
            age = _A_YEAR if request.args.get("v") else 300
            response = send_from_directory(folder, path, max_age=age)
            if request.args.get("v"):
                response.cache_control.immutable = True
            return response
    return abort(404)


def _inside(folder: Path, path: str) -> bool:
    if "\0" in path:
        return False
    try:
        file = (folder / path).resolve()
        return file.is_relative_to(folder.resolve()) and file.is_file()
    except OSError:  # a name that is longer than any file's, a loop of links
        return False


def _asset(folders: tuple[Path, ...], path: str) -> str:
    for folder in folders:
        file = folder / path
        if file.is_file():
            return f"/static/{path}?v={_hash(file, file.stat().st_mtime_ns)}"
    return f"/static/{path}"


@lru_cache(maxsize=1024)
def _hash(file: Path, _changed_ns: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]
