"""Laws of a page's HTML: elements are what a browser would act upon, and no page takes long to read."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.shop.inspection import html_page
from quizfunnel.shop.inspection.html_page import Element, read_html

TAG = '<script async src="https://quiz.example/qf.js"></script>'


@pytest.mark.parametrize(
    "text",
    [
        TAG,
        TAG.upper().replace("HTTPS://QUIZ.EXAMPLE/QF.JS", "https://quiz.example/qf.js"),
        "<SCRIPT SRC=https://quiz.example/qf.js async>",
        f"<!doctype html><![if IE]><p><![endif]><?php ?>{TAG}",
        f"<!-- a --><style>a > b {{}} <!-- </style><script>let a = '<!--' + \"<div>\"</script>{TAG}",
        f"<textarea>{TAG}</textarea><div><p>{TAG}",
        f"<noscript>{TAG}</noscript>{TAG}",
    ],
)
def test_a_script_is_found(text: str) -> None:
    """However it is written, and whatever stands before it."""
    page = read_html(text)
    assert [each.attributes["src"] for each in page.all_of("script") if "src" in each.attributes] == [
        "https://quiz.example/qf.js"
    ]
    assert page.whole


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- {TAG} -->",
        f"<!-- {TAG}",
        f"<noscript>{TAG}</noscript>",
        f"<template>{TAG}</template>",
        f"<textarea>{TAG}",
        f"<script>'{TAG.replace('</', '<')}'</script>",
        TAG.replace("<", "&lt;"),
    ],
)
def test_what_no_browser_acts_upon_is_no_element(text: str) -> None:
    """A comment, a text, and what stands by for something else."""
    assert not [each for each in read_html(text).all_of("script") if "src" in each.attributes]


@pytest.mark.parametrize(
    ("selector", "fits"),
    [
        *(
            (each, True)
            for each in ("#hint", ".a", ".b.a", "div#hint", "[data-qf]", "div.a[data-qf]", "p, #hint", "DIV")
        ),
        *((each, False) for each in ("#other", ".c", "p", "div.c", "[data-x]", "p, .c")),
        *((each, None) for each in (".a .b", ".a > #hint", "div:first-child", '[id="hint"]', "*", "")),
    ],
)
def test_a_simple_selector_is_judged(selector: str, fits: bool | None) -> None:  # noqa: FBT001
    """Any other one is left to a browser."""
    assert read_html('<div id="hint" class="a b" data-qf></div>').has(selector) is fits


def test_policies_and_base_are_read() -> None:
    """Of two attributes alike the first counts."""
    page = read_html('<base href="/x/" href="/y/"><meta http-equiv="Content-Security-Policy" content="script-src a">')
    assert (page.base, page.policies) == ("/x/", ("script-src a",))


@given(st.text(alphabet="<>!-?/ab=\"' \n[]", max_size=200))
def test_any_text_is_a_page(text: str) -> None:
    """Without an error, whatever the library says to it; and what comes before it is on the page."""
    page = read_html(f'<p id="before"></p>{text}')
    assert page.elements[0] == Element("p", {"id": "before"})


@pytest.mark.parametrize("part", ["<!--", "<![", "<!", "</", "<a '", "<script ", "<script>", "<", "<a/", "<div>"])
def test_no_page_takes_long(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that would is read as far as the time goes, and says so."""
    monkeypatch.setattr(html_page, "SECONDS", 0.1)
    begun = time.process_time()
    read_html(part * (300_000 // len(part)))
    assert time.process_time() - begun < 5


def test_a_page_that_is_too_large_is_not_whole() -> None:
    """So that nobody says that something is not on it."""
    assert not read_html("x" * (html_page.MOST_LETTERS + 1)).whole
