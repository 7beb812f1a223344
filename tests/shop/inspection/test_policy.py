"""Laws of policies: a load is let in as a browser would, and the remedy lets it in and keeps the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.shop.inspection.policy import Load, blocked, policies

PAGE = "https://shop.example/coffee"
SCRIPT = Load("script-src", "https://quiz.shop.example/qf.js", "abc")
CALL = Load("connect-src", "https://quiz.shop.example/s")
FRAME = Load("frame-src", "https://quiz.shop.example/")


@pytest.mark.parametrize(
    ("policy", "load"),
    [
        ("", SCRIPT),
        ("img-src 'none'", SCRIPT),
        ("script-src *", SCRIPT),
        ("script-src https:", SCRIPT),
        ("script-src http:", SCRIPT),
        ("script-src quiz.shop.example", SCRIPT),
        ("script-src https://quiz.shop.example", SCRIPT),
        ("SCRIPT-SRC https://QUIZ.shop.example:443", SCRIPT),
        ("script-src http://quiz.shop.example", SCRIPT),
        ("script-src *.shop.example", SCRIPT),
        ("script-src *.shop.example:*", SCRIPT),
        ("script-src https://quiz.shop.example/qf.js", SCRIPT),
        ("script-src https://quiz.shop.example/", SCRIPT),
        ("script-src 'strict-dynamic' 'nonce-abc'", SCRIPT),
        ("script-src 'none'; script-src-elem quiz.shop.example", SCRIPT),
        ("default-src 'none'; script-src quiz.shop.example", SCRIPT),
        ("default-src *; connect-src *", CALL),
        ("script-src 'none'", CALL),
        ("child-src quiz.shop.example; default-src 'none'", FRAME),
        ("default-src 'self'", Load("script-src", "https://shop.example/qf.js")),
    ],
)
def test_a_policy_lets_in(policy: str, load: Load) -> None:
    """By the directive that rules this kind, or the one that stands in for it."""
    assert not list(blocked([policy], load, PAGE))


@pytest.mark.parametrize(
    ("policy", "load", "by", "remedy"),
    [
        ("script-src 'self'", SCRIPT, "script-src", "script-src 'self' https://quiz.shop.example"),
        ("script-src 'none'", SCRIPT, "script-src", "script-src https://quiz.shop.example"),
        ("script-src 'unsafe-inline'", SCRIPT, "script-src", "script-src 'unsafe-inline' https://quiz.shop.example"),
        ("script-src https://*.quiz.shop.example", SCRIPT, "script-src", None),
        ("script-src https://quiz.shop.example:8443", SCRIPT, "script-src", None),
        ("script-src https://quiz.shop.example/js/", SCRIPT, "script-src", None),
        ("script-src shop.example", SCRIPT, "script-src", None),
        ("script-src 'nonce-xyz'", SCRIPT, "script-src", None),
        ("script-src quiz.shop.example 'strict-dynamic'", SCRIPT, "script-src", "put the page's nonce on the tag"),
        ("script-src *; script-src-elem 'self'", SCRIPT, "script-src-elem", "script-src-elem 'self' https://quiz.shop"),
        ("default-src 'self' a.example", CALL, "default-src", "connect-src 'self' a.example https://quiz.shop.example"),
        ("connect-src 'self'; connect-src *", CALL, "connect-src", None),
        ("child-src 'self'", FRAME, "child-src", "frame-src 'self' https://quiz.shop.example"),
        ("script-src *:²", SCRIPT, "script-src", None),
        pytest.param(f"script-src *:{'4' * 5000}", SCRIPT, "script-src", None, id="an endless port"),
    ],
)
def test_a_policy_keeps_out(policy: str, load: Load, by: str, remedy: str | None) -> None:
    """And says by which directive, and what would be in its place."""
    (found,) = blocked([policy], load, PAGE)
    assert found.by == by
    assert remedy is None or found.remedy.startswith(remedy)


def test_every_policy_has_to_allow() -> None:
    """Of several headers, of several in one header, and of the page itself."""
    every = policies(["script-src *, script-src 'self'", "default-src 'none'"], ["script-src quiz.shop.example"])
    assert [each.by for each in blocked(every, SCRIPT, PAGE)] == ["script-src", "default-src"]


SOURCES = st.sampled_from(["'self'", "'none'", "a.example", "https://b.example/x", "*.c.example", "'nonce-z'", "data:"])


@given(st.sampled_from(["default-src", "script-src", "script-src-elem"]), st.lists(SOURCES, max_size=4))
def test_the_remedy_is_one(name: str, sources: list[str]) -> None:
    """The directive that is said lets in what was kept out."""
    load = SCRIPT._replace(nonce="")
    for each in blocked([" ".join((name, *sources))], load, PAGE):
        assert not list(blocked([each.remedy], load, PAGE))
