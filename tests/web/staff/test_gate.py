"""Laws of the gate before staff pages: what it lets through, and where signing in leads on to."""

import re

import pytest
from flask import Flask

from quizfunnel.kit.clock import SetClock
from quizfunnel.web.staff import gate, login, roles
from quizfunnel.web.staff.roles import ACCOUNT, MATRIX, ROLES, may
from quizfunnel.web.staff.sessions import IDLE
from tests.docs import markdown
from tests.pages import Tab
from tests.staff import form_token, sign_in
from tests.web.staff.colleague import AWAY, Colleague, hire

OPEN = {
    "staff.sign_in.page",
    "staff.sign_in.sign_in",
    "staff.sign_in.sign_out",
    "staff.link.page",
    "staff.link.set_password",
}
PUBLIC = re.compile(r"/($|a/|c/|consent|go/|healthz|readyz|hooks/|mine/|q/|qf|r/|s$|s/|see-as|static/|t/)")


@pytest.mark.parametrize(
    "path", [None, "", "https://evil.example", "//evil.example", "/insight/../x\n", "/insightful", "/insight/\\evil"]
)
def test_onward_stays_on_our_pages(path: str | None) -> None:
    """An address that is no staff page leads to the list."""
    assert gate.onward(path) == "/insight"
    assert gate.onward("/insight/coffee?data=real") == "/insight/coffee?data=real"
    assert gate.onward("/insight?x=1") == "/insight?x=1"
    assert gate.onward("/staff/people") == "/staff/people"


def test_every_staff_route_has_a_right(demo: Flask) -> None:
    """Whatever is no shopper's page stands behind the gate, with a right that some role has; five are open."""
    opened = set()
    for rule in demo.url_map.iter_rules():
        try:
            right = gate.right_of(demo, rule.endpoint)
        except KeyError:
            assert PUBLIC.match(rule.rule), f"{rule.rule} stands behind no gate, and is not among the shoppers' pages"
            continue
        assert not PUBLIC.match(rule.rule), rule.rule
        opened |= {rule.endpoint} if right is None else set()
        assert right is None or (right in MATRIX and "admin" in right.roles), rule.rule
    assert opened == OPEN


def test_a_role_opens_what_the_matrix_says(office: Flask) -> None:
    """Each page, by each role and by nobody: shown, refused with the roles that may, or the question who it is."""
    for rule in office.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or PUBLIC.match(rule.rule) or rule.endpoint in OPEN:
            continue
        path = rule.rule.replace("<slug>", "coffee").replace("<name>", "store")
        right = gate.right_of(office, rule.endpoint)
        assert right
        stranger = office.test_client().get(path)
        assert (stranger.status_code, "no-store" in stranger.headers["Cache-Control"]) == (403, True)
        for role in ROLES:
            answer = sign_in(office.test_client(), role, role).get(path)
            assert (answer.status_code == 403) is not may(role, right), (path, role)
            assert answer.status_code != 403 or role in answer.text


def test_the_matrix_is_the_one_of_the_docs() -> None:
    """A row a right, a column a role."""
    lines = ["| may see or do | admin | analyst | merchandiser |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {right.says} | {' | '.join('yes' if may(role, right) else '' for role in ROLES)} |" for right in MATRIX
    ]
    assert "\n".join(lines) in markdown.read("docs/staff.md")


@pytest.mark.parametrize("path", ["/insight/coffee", "/staff", "/staff/people", "/staff/audit"])
def test_nobody_is_let_in_for_where_they_are(office: Flask, path: str) -> None:
    """Not this machine, by no name of it, and not what a proxy on it forwards without saying so."""
    for headers in ({}, {"Host": "127.0.0.1"}, {"X-Forwarded-For": "10.1.2.3"}):
        for environ in ({}, AWAY, {"REMOTE_ADDR": "::1"}):
            answer = office.test_client().get(path, headers=headers, environ_overrides=environ)
            assert answer.status_code == 403
            assert "Sign in" in answer.text


def test_the_question_leads_back(office: Flask) -> None:
    """Whoever signs in where they were asked comes to the page that they wanted."""
    hire(office)
    tab = Colleague(office)
    asked = tab.get("/insight/coffee?data=real")
    form = {"name": "ana", "password": "tall ship on a blue sea", "form_token": form_token(asked)}
    onward = re.search(r'name="onward" value="([^"]+)"', asked.text)
    assert onward
    answer = tab.post("/staff/sign-in", form | {"onward": onward[1]})
    assert (answer.status_code, answer.location) == (303, "/insight/coffee?data=real")


@pytest.mark.parametrize(
    ("action", "page"),
    [
        ("/staff/people/ana/role", "/staff/people"),
        ("/staff/people", "/staff/people"),
        ("/staff/sessions/end-others", "/staff"),
        ("/staff/password", "/staff"),
    ],
)
def test_a_form_sent_after_the_session_leads_back_to_its_page(
    office: Flask, clock: SetClock, action: str, page: str
) -> None:
    """Nothing is changed, which is said, and signing in leads to the page of the form: its own address shows none."""
    hire(office, "ada", "admin")
    tab = Colleague(office)
    tab.sign_in("ada")
    form = {"form_token": form_token(tab.get(page))}
    clock.advance(IDLE.total_seconds())
    asked = tab.post(action, form)
    assert (asked.status_code, "so nothing was changed" in asked.text) == (403, True)
    assert re.findall(r'name="onward" value="([^"]+)"', asked.text) == [page]
    tab.sign_in("ada")
    assert tab.get(page).status_code == 200


def test_the_demo_lets_its_visitor_in_from_this_machine_alone(demo: Flask) -> None:
    """And says so on every page; whoever comes by another machine, a proxy or another name is asked."""
    for path in ("/insight", "/staff", "/staff/people", "/staff/audit"):
        page = Tab(demo).get(path)
        assert (page.status_code, "The demo has signed you in" in page.text) == (200, True)
    client = demo.test_client()
    for more in (
        {"environ_overrides": AWAY},
        {"headers": {"X-Forwarded-For": "10.1.2.3"}},
        {"headers": {"Via": "1.1 x"}},
    ):
        assert client.get("/insight", **more).status_code == 403


def test_a_header_makes_no_demo(office: Flask) -> None:
    """Only the process that `quizfunnel demo` started is the demo."""
    headers = {"QUIZFUNNEL-DEMO": "1", "Cookie": "qf_staff=demo; qf_see=invited", "Host": "localhost"}
    assert office.test_client().get("/insight?demo=1", headers=headers).status_code == 403


def test_a_shopper_costs_no_look_at_sessions(office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever cookie they bring: nothing of staff access runs before or after a shopper's page."""

    def never(*_: object) -> None:
        raise AssertionError("a shopper's page asked who is signed in")

    monkeypatch.setattr(login, "_by_key", never)
    tab = sign_in(office.test_client())
    for path in ("/", "/q/coffee"):
        assert tab.get(path).status_code < 400
    hooks = [*office.before_request_funcs.get(None, []), *office.after_request_funcs.get(None, [])]
    assert not [hook for hook in hooks if "staff" in hook.__module__ or "flask_login" in hook.__module__]


def test_own_account_is_everybodys() -> None:
    """Who can sign in can sign out, and change their password."""
    assert all(may(role, ACCOUNT) for role in ROLES)
    assert {role for role in ROLES if may(role, roles.PEOPLE)} == {"admin"}
