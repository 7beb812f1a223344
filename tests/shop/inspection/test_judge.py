"""Laws of judging a shop's page: whatever would keep the snippet from working is said, with what to do."""

from pathlib import Path
from typing import Any

import pytest

from quizfunnel.settings import Settings
from quizfunnel.shop.inspection.html_page import read_html
from quizfunnel.shop.inspection.identity import Networks
from quizfunnel.shop.inspection.judge import FetchedPage, StoreFacts, inspect
from quizfunnel.shop.inspection.sight import Inspection
from quizfunnel.shop.inspection.snippet_tag import address_for

TAG = '<script async src="https://quiz.shop.example/qf.js"></script>'
PAGE = f"<html><head>{TAG}</head><body><div data-qf></div></body></html>"
URL = "https://www.shop.example/coffee/beans"
ONE_NETWORK = Networks(["23.227.38.65"], ["23.227.38.66"])


def seen(
    html: str = PAGE, url: str = URL, *policies: str, facts: dict[str, Any] | None = None, **changes: Any
) -> Inspection:
    """Return what is seen of a page of a shop that has everything."""
    given: dict[str, Any] = {
        "store": Path("/nowhere"),
        "public_url": "https://quiz.shop.example",
        "shop": {"origins": ["https://www.shop.example"], "consent_adapter": "call"},
        "invitations": {"/coffee/*": "coffee"},
    }
    settings, page = Settings(**given | changes), read_html(html)
    address = address_for(page, url, settings.public_urls)
    store = StoreFacts(settings, address, ("coffee",), (), {}, ONE_NETWORK)
    return inspect(FetchedPage(url, page, policies), store._replace(**facts or {}))


def said(found: Inspection, subject: str) -> list[tuple[str, str]]:
    """Return the verdicts and words on one subject."""
    return [(sight.verdict, sight.says) for sight in found.sights if sight.subject == subject]


def test_a_page_that_has_everything_is_good() -> None:
    """Each sight says so, and the lines of a policy are there for whoever wants one."""
    found = seen()
    assert {sight.verdict for sight in found.sights} == {"ok"}
    assert found.is_good
    assert found.policy == tuple(
        f"{kind} https://quiz.shop.example" for kind in ("script-src", "connect-src", "frame-src")
    )
    assert found.as_json()["good"] is True


@pytest.mark.parametrize(
    ("html", "policy"),
    [
        (PAGE, "script-src 'self' \x1b[2Jx.example"),
        (PAGE.replace("/qf.js", "/\x1b[2J/qf.js"), ""),
        (PAGE.replace("async", 'type="\x1b[2J"'), ""),
        (PAGE.replace("data-qf", 'data-qf-quiz="\x1b[2J"'), ""),
    ],
)
def test_nothing_of_the_page_reaches_a_terminal(html: str, policy: str) -> None:
    """Its own words are repeated, in policies, addresses and names, without what a terminal would obey."""
    found = seen(html, URL, *filter(None, [policy]))
    assert any("[2j" in sight.says.lower() for sight in found.sights)
    assert all(sight.text().isprintable() for sight in found.sights)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>", 'is not in the page\'s HTML; write <script async src="https://quiz.shop.example/qf.js">'),
        (PAGE.replace("quiz.shop", "staging"), "loads https://staging.example/qf.js, which is not this store's"),
        (PAGE.replace("https:", "http:"), "loads http://quiz.shop.example/qf.js, which is not this store's"),
        (PAGE.replace("https://quiz.shop.example", ""), "loads https://www.shop.example/qf.js"),
        (PAGE.replace("<script", '<script type="module"'), "is a module"),
        (
            PAGE.replace("<head>", '<head><base href="https://cdn.example/">').replace("https://quiz.shop.example", ""),
            "cdn",
        ),
    ],
)
def test_a_tag_that_cannot_work_is_wrong(html: str, words: str) -> None:
    """With the line as it should be."""
    ((verdict, says),) = said(seen(html), "tag")
    assert (verdict, words in says) == ("wrong", True), says


@pytest.mark.parametrize(
    ("html", "words"),
    [
        (PAGE.replace("async ", ""), "makes the page wait"),
        (PAGE.replace("<script", '<script type="text/plain"'), "something else on the page starts it"),
        (PAGE.replace(TAG, TAG + TAG), "more than once"),
    ],
)
def test_a_tag_that_works_badly_is_noted(html: str, words: str) -> None:
    """And the page is good all the same."""
    found = seen(html)
    assert any(verdict == "note" and words in says for verdict, says in said(found, "tag"))
    assert found.is_good


@pytest.mark.parametrize("address", ["HTTPS://QUIZ.shop.example:443/qf.js?v=2", "//quiz.shop.example/qf.js"])
def test_an_address_is_compared_as_browsers_do(address: str) -> None:
    """With the page's scheme where it has none."""
    assert said(seen(PAGE.replace("https://quiz.shop.example/qf.js", address)), "tag")[0][0] == "ok"


def test_any_of_several_public_addresses_is_ours() -> None:
    """The one that the page uses is judged; one that uses none is told that of its own site, else the first."""
    several = "https://quiz.shop.fr,https://quiz.shop.example"
    found = seen(public_url=several)
    assert said(found, "tag")[0][0] == said(found, "identity")[0][0] == "ok"
    assert found.policy[0] == "script-src https://quiz.shop.example"
    assert "https://quiz.shop.example/qf.js" in said(seen("<p>", public_url=several), "tag")[0][1]
    assert "https://quiz.shop.fr/qf.js" in said(seen("<p>", "https://other.example/", public_url=several), "tag")[0][1]


def test_a_policy_that_keeps_it_out_is_told_by_the_line() -> None:
    """Of the script and of its calls; of the frame only where a quiz stands on the page."""
    found = seen(PAGE, URL, "default-src 'self'; img-src *")
    assert [says.rpartition("needs: ")[2] for _, says in said(found, "policy")] == [
        "script-src 'self' https://quiz.shop.example",
        "connect-src 'self' https://quiz.shop.example",
    ]
    embedded = PAGE.replace("data-qf>", 'data-qf><p data-qf-quiz="coffee">')
    assert len(said(seen(embedded, URL, "default-src 'self'"), "policy")) == 3
    assert said(seen(embedded), "embedded quiz") == [("ok", "`coffee` stands on the page")]
    ((verdict, says),) = said(seen(embedded.replace('"coffee"', '"cofee"')), "embedded quiz")
    assert (verdict, says) == (
        "wrong",
        "`cofee` is meant to stand on the page, and there is no such quiz; there is: coffee",
    )
    assert said(seen(PAGE, URL, "script-src https:; connect-src https:"), "policy")[0][0] == "ok"


def test_a_place_that_shows_a_quiz_to_everybody_is_noted() -> None:
    """Where some should not be invited to it; a popup is a click of theirs, and an invitation's place asks the arm."""
    held = {"held_out": ("coffee",)}
    for place, notes in (
        ("<p data-qf-quiz=coffee>", 1),
        ("<p data-qf data-qf-quiz=coffee>", 0),
        ("<a data-qf-quiz=coffee>", 0),
    ):
        lines = said(seen(PAGE + place, facts=held), "embedded quiz")
        assert [verdict for verdict, _ in lines] == ["ok", *["note"] * notes]
        assert len(said(seen(PAGE + place), "embedded quiz")) == 1


def test_a_policy_that_keeps_out_the_parts_is_wrong() -> None:
    """One that names the script alone, or trusts its nonce alone: the invitation's own part would never come."""
    for source in ("https://quiz.shop.example/qf.js", "'nonce-r4nd0m'"):
        policy = f"script-src {source}; connect-src *"
        ((verdict, says),) = said(seen(PAGE.replace("<script", '<script nonce="r4nd0m"'), URL, policy), "policy")
        assert verdict == "wrong"
        assert says.startswith("the page's script-src keeps parts that the snippet loads out")
        assert says.endswith(f"needs: script-src {source} https://quiz.shop.example")


def test_a_nonce_of_the_tag_counts() -> None:
    """As of a shop whose policy trusts nothing else."""
    policy = "script-src 'strict-dynamic' 'nonce-r4nd0m'; connect-src *"
    assert said(seen(PAGE.replace("<script", '<script nonce="r4nd0m"'), URL, policy), "policy")[0][0] == "ok"
    assert "nonce" in said(seen(PAGE, URL, policy), "policy")[0][1]


def test_an_origin_that_is_not_listed_is_wrong() -> None:
    """With the list as it should be."""
    ((verdict, says),) = said(seen(PAGE, "https://shop.example/coffee/beans"), "origin")
    assert verdict == "wrong"
    assert says.endswith('write origins = ["https://www.shop.example", "https://shop.example"] under [shop]')


@pytest.mark.parametrize(
    ("url", "public", "verdict"),
    [
        ("http://shop.example/", "https://quiz.shop.example", "wrong"),
        ("https://shop.example/", "http://localhost:8000", "wrong"),
        ("http://localhost:8001/", "http://localhost:8000", "ok"),
        ("http://shop.localhost:8001/", "http://localhost:8000", "ok"),
    ],
)
def test_a_page_without_https_is_wrong(url: str, public: str, verdict: str) -> None:
    """But for this machine's own, for a try."""
    assert said(seen(PAGE, url, public_url=public), "https")[0][0] == verdict


def test_a_page_that_invites_has_a_place() -> None:
    """By the attribute, or by any selector of the settings; what only a browser can judge is left to it."""
    bare = PAGE.replace("data-qf", "")
    assert said(seen(bare), "invitation")[0][0] == "wrong"
    placed = {"/coffee/*": {"quiz": "coffee", "place": "#hint"}}
    assert said(seen(bare.replace("<div", '<div id="hint"'), invitations=placed), "invitation")[0][0] == "ok"
    elsewhere = {"/coffee/*": "coffee", "/tea/*": {"quiz": "coffee", "place": "#hint"}}
    assert said(seen(bare.replace("<div", '<div id="hint"'), invitations=elsewhere), "invitation")[0][0] == "ok"
    nested = {"/coffee/*": {"quiz": "coffee", "place": "main #hint"}}
    assert said(seen(bare, invitations=nested), "invitation")[0][0] == "note"
    ((verdict, says),) = said(seen(bare, "https://www.shop.example/tea"), "invitation")
    assert (verdict, says) == ("note", "/tea invites to no quiz; pages that do, by [invitations]: /coffee/*")


def test_a_shop_whose_consent_nobody_hears_is_noted() -> None:
    """Nobody is drawn there."""
    shop = {"origins": ["https://www.shop.example"]}
    assert "nobody is drawn" in said(seen(shop=shop), "consent")[0][1]
    assert said(seen(shop=shop, consent="off"), "consent") == []


APART = Networks(["23.227.38.65"], ["203.0.113.9"])


@pytest.mark.parametrize(
    ("public", "networks", "words", "is_short"),
    [
        ("https://quiz.shop.example", ONE_NETWORK, "so in Safari too", False),
        ("https://quiz.shop.example", APART, "in Safari for 7 days: 23.227.38.65 and 203.0.113.9", True),
        ("https://quiz.shop.example", None, "could not be looked up", False),
        ("https://quiz.example", ONE_NETWORK, "https://shop.example and https://quiz.example are two sites", True),
    ],
)
def test_a_visitor_is_known_for_as_long_as_browsers_allow(
    public: str,
    networks: Networks | None,
    words: str,
    is_short: bool,  # noqa: FBT001
) -> None:
    """And experiments whose orders count for longer are named, where that is known."""
    html = PAGE.replace("https://quiz.shop.example", public)
    facts = {"networks": networks, "windows": {"all-year": 14, "short": 7}}
    first, *rest = said(seen(html, facts=facts, public_url=public), "identity")
    assert words in first[1]
    assert ["(window_days: all-year 14)" in says for _, says in rest] == [True] * is_short


def test_a_server_that_is_not_reached_is_noted() -> None:
    """A machine may not reach its own address, and shoppers all the same."""
    found = seen(facts={"script_fault": "https://quiz.shop.example/qf.js: no connection"})
    assert said(found, "server")[0][0] == "note"
    assert found.is_good


def test_an_invitation_to_no_quiz_is_wrong() -> None:
    """Though the page has a place for it: nobody is invited; a renamed quiz is named as it is called now."""
    gone = {"/coffee/*": "cofee"}
    (never,) = said(seen(invitations=gone), "invitation")
    assert never == ("wrong", "/coffee/beans invites to `cofee`, and there is no such quiz; there is: coffee")
    renamed = said(seen(invitations=gone, facts={"renamed": {"cofee": "coffee"}}), "invitation")
    assert [verdict for verdict, _ in renamed] == ["note", "ok"]
    assert "is called `coffee` now" in renamed[0][1]


def test_a_path_is_read_as_the_server_reads_it() -> None:
    """Browsers send it with %C3%B6, people write an ö."""
    placed = {"/kaffee/größe/*": "coffee"}
    url = "https://www.shop.example/kaffee/gr%C3%B6%C3%9Fe/bohnen"
    assert said(seen(url=url, invitations=placed), "invitation")[0][0] == "ok"
