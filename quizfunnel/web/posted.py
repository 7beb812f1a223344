"""Form parser: the fields of a posted form, read once a request.

An urlencoded form is parsed here and not by werkzeug because an answer of some 60 bytes is on every shopper's
path: the whole body in one read, without werkzeug's bounded stream and incremental parser, spends a fraction of
their time (docs/decisions/0007). Any other form goes to werkzeug.
"""

from urllib.parse import parse_qs

from flask import abort, g
from flask.globals import request_ctx

MOST_FIELDS = 100


def posted(name: str) -> list[str]:
    """Return the values of a field of the posted form, empty where there is none, and no NUL in any."""
    form = g.get("posted")
    if form is None:
        sent = request_ctx.request
        urlencoded = sent.mimetype == "application/x-www-form-urlencoded"
        form = g.posted = _without_nul(parse(_body()) if urlencoded else dict(sent.form.lists()))
    values: list[str] = form.get(name, [])
    return values


def posted_pairs() -> list[tuple[str, str]]:
    """Return every field of the posted form with each of its values."""
    posted("")
    form: dict[str, list[str]] = g.posted
    return [(name, value) for name, values in form.items() for value in values]


def parse(body: bytes) -> dict[str, list[str]]:
    """Return the fields of an urlencoded form; one with more than 100 fields has none that we know."""
    try:
        return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}


def _without_nul(form: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return a form as PostgreSQL can keep it."""
    return {name: [value.replace("\0", "") for value in values] for name, values in form.items()}


def _body() -> bytes:
    """Return the request's body; one of a told length is read in one go."""
    sent = request_ctx.request
    size, most = sent.content_length, sent.max_content_length
    if size is None or most is None or g.get("body_kept"):  # read before, for the form's token
        return sent.get_data()
    if size > most:
        abort(413)
    body: bytes = sent.environ["wsgi.input"].read(size)
    return body
