"""Rendering of a page, or of its swapped part alone for htmx: the one place that asks which."""

from dataclasses import fields
from typing import Any

from flask import Response, current_app, make_response
from flask.globals import request_ctx
from flask_htmx import HTMX
from jinja2 import Environment

from quizfunnel.i18n.languages import SOURCE
from quizfunnel.web.language.template_words import spoken

htmx = HTMX()

VARY = "HX-Request, HX-History-Restore-Request, HX-Boosted"


def wants_partial() -> bool:
    """Tell whether htmx asks for a swapped part rather than a whole page."""
    if "HTTP_HX_REQUEST" not in request_ctx.request.environ:
        return False
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(template: str, page: Any, *, status: int = 200, partial: str | None = None) -> Response:
    """Return `template` with the fields of the dataclass `page` as its names.

    Where `partial` names a template of its own and htmx asks for a part, that part alone is returned.
    """
    name = partial if partial and wants_partial() else template
    response = make_response(render_text(name, page), status)
    response.headers["Vary"] = VARY
    return response


def render_text(template: str, page: Any) -> str:
    """Return the text of `template` with the fields of the dataclass `page` as its names."""
    environment: Environment = current_app.extensions["templates"]
    context = {field.name: getattr(page, field.name) for field in fields(page)}
    with spoken(context.get("lang", SOURCE)):
        return environment.get_template(template).render(context)
