"""The little Markdown of texts: emphasis, links to the store, line breaks; all else stays as it is written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.quiz.store_site import StoreSite
from quizfunnel.quiz.texts import markup

SITE = StoreSite("https://shop.example/en/", frozenset(("shop.example", "help.example")))
LINK = '<a href="{}" target="_blank" rel="noopener">here</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain & <b>simple</b>", "plain &amp; &lt;b&gt;simple&lt;/b&gt;"),
        ("*soft* and **strong**, _too_", "<em>soft</em> and <strong>strong</strong>, <em>too</em>"),
        ("one\ntwo", "one<br>two"),
        ("one\n\ntwo\n", "one<br><br>two"),
        ("[here](/pages/a)", LINK.format("https://shop.example/pages/a")),
        ("[here](/static/a.pdf)", LINK.format("/static/a.pdf")),
        ("[here](/q/tea)", LINK.format("/q/tea")),
        ("[here](https://help.example)", LINK.format("https://help.example")),
        ('[here](https://shop.example/a?b=1&c "T")', LINK.format("https://shop.example/a?b=1&amp;c")),
        ("[here](https://evil.example/)", "here"),
        ("[here](//evil.example/)", "here"),
        ("[here](javascript:alert(1))", "here"),
        ("[here](https://shop.example@evil.example/)", "here"),
        ("![a picture](/a.png)", "![a picture](/a.png)"),
        ("# no\n- no\n> no", "# no<br>- no<br>&gt; no"),
        ("`no` ~~no~~ &amp; <https://shop.example>", "`no` ~~no~~ &amp;amp; &lt;https://shop.example&gt;"),
        ("2 * 3 * 4, a_b_c", "2 * 3 * 4, a_b_c"),
        (r"\*not\*", "*not*"),
        ("**open", "**open"),
        ("", ""),
    ],
)
def test_a_text_becomes_this_html(text: str, html: str) -> None:
    """Only what is named becomes a mark; links to other hosts than the store's are left out but for their words."""
    assert str(markup.as_html(text, SITE)) == html


def test_words_are_put_in_after_the_marks_were_read() -> None:
    """A label with stars and brackets is no mark, and no HTML."""
    html = markup.as_html("*{brew}*", SITE, say=lambda text: text.replace("{brew}", "<b>*[x](/y)"))
    assert str(html) == "<em>&lt;b&gt;*[x](/y)</em>"


def test_without_links_their_words_stay() -> None:
    """A choice is pressed as a whole."""
    assert str(markup.as_html("*a* [b](/c)", None)) == "<em>a</em> b"


def test_a_text_without_its_marks_is_one_line() -> None:
    """As a page's description needs it, and a link's words."""
    assert markup.as_text("*Three* coffees,\n[chosen](/how) for you & me") == "Three coffees, chosen for you & me"


@given(st.text(alphabet="ab *_[]()!\\\n<>&/:h`#{}", max_size=60))
def test_whatever_is_written_is_sound_html(text: str) -> None:
    """No tag but ours, each closed; and every letter that is no mark is still there."""
    html = str(markup.as_html(text, SITE))
    tags = re.findall(r"<(/?)(\w+)([^>]*)>", html)
    assert re.sub(r"<[^>]*>", "", html).count("<") == 0
    open_tags: list[str] = []
    for closing, name, rest in tags:
        assert name in ("em", "strong", "a", "br")
        assert name == "a" or not rest
        if closing:
            assert open_tags.pop() == name
        elif name != "br":
            open_tags.append(name)
    assert not open_tags
    kept = re.sub(r"[^abh]", "", re.sub(r"\]\([^)]*\)", "", text))
    assert re.sub(r"[^abh]", "", markup.as_text(text)).count("a") >= kept.count("a") - text.count("](")
