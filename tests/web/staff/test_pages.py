"""Laws of the staff pages: a template uses its page's fields and nothing else, and is sound."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from jinja2 import meta

from quizfunnel.web import environment
from quizfunnel.web.pages import StaffBar
from quizfunnel.web.render import render_text
from quizfunnel.web.staff.pages import (
    AccountPage,
    AuditLine,
    AuditPage,
    LinkOverPage,
    NewLink,
    PasswordPage,
    PeoplePage,
    PersonLine,
    RefusedPage,
    SessionLine,
    SignInPage,
)
from quizfunnel.web.staff.roles import ROLES

ROOT = Path(__file__).parents[3]
GLOBALS = {"asset", "money", "demo"}
IMPORTED = {"new_password"}
NOBODY = StaffBar()
ANA = StaffBar(name="ana", role="admin", may_manage=True, may_take_figures=True)
VISITOR = StaffBar(name="demo", role="admin", demo=True, may_manage=True)
LINES = (SessionLine("d1", "today", "now", "soon", True), SessionLine("d2", "today", "now", "soon", False))
PEOPLE = (PersonLine("ana", "admin", "Can sign in", 1, True), PersonLine("<b>", "analyst", "No password yet", 0, False))
CASES: dict[str, tuple[Any, ...]] = {
    "staff/sign_in.html": (
        SignInPage("en", "Sign in", NOBODY, "/insight", "", ""),
        SignInPage("en", "Sign in", NOBODY, "/insight", '"><b>', "The name or the password is wrong."),
    ),
    "staff/link.html": (
        PasswordPage("en", "Choose a password", NOBODY, "/staff/link/x", "ana", 12, ""),
        PasswordPage("en", "Choose a password", NOBODY, "/staff/link/x", "ana", 12, "Too short."),
    ),
    "staff/link_over.html": (LinkOverPage("en", "This link is over", NOBODY, "Ask for another."),),
    "staff/refused.html": (
        RefusedPage("en", "Not for your role", ANA, "analyst", "the record", ("admin",)),
        RefusedPage("en", "Not for your role", ANA, "analyst", "files", ("admin", "analyst")),
    ),
    "staff/account.html": (
        AccountPage("en", "Your account", ANA, LINES, 12, ""),
        AccountPage("en", "Your account", ANA, LINES[:1], 12, "Wrong."),
        AccountPage("en", "Your account", VISITOR, (), 12, ""),
    ),
    "staff/people.html": (
        PeoplePage("en", "Staff", ANA, PEOPLE, ROLES, NewLink("ana", "http://x/staff/link/y", "soon"), "", ""),
        PeoplePage("en", "Staff", VISITOR, (), ROLES, None, '"><b>', "No such name."),
    ),
    "staff/audit.html": (
        AuditPage("en", "What was done", ANA, (AuditLine("now", "ana", "staff.add", "<b>", ""),), 200),
        AuditPage("en", "What was done", ANA, (), 200),
    ),
}


@pytest.fixture(scope="module")
def app() -> Flask:
    """Give an application that knows the shipped templates and nothing else."""
    app = Flask("pages", static_folder=None)
    environment.install(app, (ROOT,), demo=True)
    return app


def names_of(app: Flask, template: str) -> set[str]:
    """Return the names that a template and all that it extends or includes ask for."""
    tree = app.extensions["templates"].parse((ROOT / "templates" / template).read_text("utf-8"))
    names = meta.find_undeclared_variables(tree)
    above = [name for name in meta.find_referenced_templates(tree) if name and not name.endswith("_password.html")]
    return names.union(*(names_of(app, name) for name in above))


@pytest.mark.parametrize("template", CASES)
def test_names_are_the_declared_fields(app: Flask, template: str) -> None:
    """A template uses every field of its page, and nothing else but the globals."""
    declared = {field.name for field in fields(CASES[template][0])}
    assert names_of(app, template) - GLOBALS - IMPORTED == declared


@pytest.mark.parametrize("template", CASES)
def test_a_page_is_sound(app: Flask, template: str) -> None:
    """Valid markup with one h1 that is the title; fields and buttons are named, forms are posted."""
    for page in CASES[template]:
        with app.app_context():
            html = render_text(template, page)
        root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
        assert [heading.text for heading in root.iter("h1")] == [page.title]
        assert root.findtext(".//title") == ("Error: " if getattr(page, "error", "") else "") + page.title
        assert all(form.get("method") == "post" for form in root.iter("form"))
        labels = {label.get("for") for label in root.iter("label")}
        for field in [*root.iter("select"), *root.iter("input")]:
            assert field.get("type") == "hidden" or field.get("aria-label") or field.get("id") in labels
        names = [button.get("aria-label") or button.text for button in root.iter("button")]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("template", ["staff/sign_in.html", "staff/link.html", "staff/account.html"])
def test_what_is_wrong_is_told_beside_its_field(app: Flask, template: str) -> None:
    """The password's field is marked or described by the sentence, which is announced."""
    page = next(page for page in CASES[template] if page.error)
    with app.app_context():
        html = render_text(template, page)
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    told = next(each for each in root.iter("p") if each.get("id") == "e")
    assert (told.get("role"), told.text) == ("alert", page.error)
    described = [each for each in root.iter("input") if "e" in (each.get("aria-describedby") or "").split()]
    assert any(each.get("type") == "password" for each in described)
