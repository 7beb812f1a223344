"""Laws of the form parser: it reads as werkzeug does, once a request, and within bounds."""

from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.formparser import FormDataParser

from quizfunnel.web.posted import MOST_FIELDS, parse, posted

FIELDS = st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=6)


@given(FIELDS)
def test_a_form_is_read_as_werkzeug_reads_it(fields: list[tuple[str, str]]) -> None:
    """The same names, with the same values in the same order."""
    body = urlencode(fields, encoding="utf-8", errors="replace").encode()
    sent = Flask("form").test_request_context(
        method="POST", data=body, content_type="application/x-www-form-urlencoded"
    )
    _, form, _ = FormDataParser().parse_from_environ(sent.request.environ)
    assert parse(body) == dict(MultiDict(form).lists())


@given(st.binary(max_size=60))
def test_no_body_is_an_error(body: bytes) -> None:
    """Whatever bytes come, there is a form, perhaps an empty one."""
    assert all(values for values in parse(body).values())


def test_too_many_fields_are_none() -> None:
    """A form has up to 100 fields; one of more is no form of ours."""
    assert len(parse(b"&".join(b"a%d=1" % number for number in range(MOST_FIELDS)))) == MOST_FIELDS
    assert parse(b"&".join(b"a%d=1" % number for number in range(MOST_FIELDS + 1))) == {}


@pytest.mark.parametrize("data", [{"a": ["1", "2"]}, b"a=1&a=2"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_every_kind_of_form_is_read(data: object, kind: str) -> None:
    """Urlencoded here, multipart by werkzeug; a field that is not there is empty."""
    app = Flask("form")
    multipart = kind == "multipart/form-data"
    if multipart and isinstance(data, bytes):
        data = {"a": ["1", "2"]}
    with app.test_request_context(method="POST", data=data, content_type=kind):
        assert (posted("a"), posted("b")) == (["1", "2"], [])
        assert posted("a") is posted("a")


def test_a_body_beyond_the_bound_is_refused() -> None:
    """413 by the length that the request claims, before a byte is read."""
    app = Flask("form")
    app.config["MAX_CONTENT_LENGTH"] = 10
    app.add_url_rule("/", "form", lambda: ",".join(posted("a")), methods=["POST"])
    kind = "application/x-www-form-urlencoded"
    assert app.test_client().post("/", data=b"a=12345678", content_type=kind).text == "12345678"
    assert app.test_client().post("/", data=b"a=123456789", content_type=kind).status_code == 413
