"""Laws of the manual: pages of docs are read here whole, their links lead on, and nothing in them runs."""

import re
from pathlib import Path

from flask import Flask

from quizfunnel.insight.setup import manual
from quizfunnel.insight.setup.manual import ManualText
from tests.commands import ROOT
from tests.docs import markdown
from tests.staff import sign_in

DOCS = ROOT / "docs"
NAMES = sorted(path.stem for path in DOCS.glob("[a-z]*.md"))


def page(name: str) -> ManualText:
    """Return a page of ours."""
    read = manual.read(DOCS, name)
    assert read is not None, name
    return read


def test_every_link_between_pages_leads_to_a_heading_that_is_there() -> None:
    """As in the repository; a link to what is not read here is plain text."""
    pages = {name: page(name) for name in NAMES}
    for name, one in pages.items():
        assert one.title, name
        for target, fragment in re.findall(r'href="/insight/docs/([\w-]+)(?:#([\w-]+))?"', one.html):
            assert not fragment or f'id="{fragment}"' in pages[target].html, (name, target, fragment)
        assert set(re.findall(r' id="([^"]+)"', one.html)) <= markdown.anchors(DOCS / f"{name}.md"), name
        others = [link for link in re.findall(r'href="([^"]+)"', one.html) if not link.startswith("/insight/docs/")]
        assert all(link.startswith(("https://", "#")) for link in others), name


def test_it_is_read_by_staff(app: Flask) -> None:
    """From a link of the setup page, in a frame like their other pages; a table can be scrolled and says no style."""
    client = sign_in(app.test_client())
    shown = client.get("/insight/docs/shopify").text
    steps = client.get("/insight/setup").text
    for name in set(re.findall(r'href="/insight/docs/([\w-]+)"', steps)):
        assert name in NAMES
    assert steps.count('href="/insight/docs/') == steps.count("<h2>") > 1
    assert "<h1>Shopify: from the admin to the figure</h1>" in shown
    assert '<h2 id="5-the-web-hooks">' in shown
    assert '<div class="scroll" tabindex="0"><table class="words">' in shown
    assert not re.search("<[^>]*style=", shown.partition('<div class="manual">')[2])  # examples show some as text
    assert client.get("/insight/docs/nothing").status_code == 404
    assert client.get("/insight/docs/README").status_code == 404
    assert app.test_client().get("/insight/docs/shopify").status_code != 200


def test_html_in_a_page_is_text(tmp_path: Path) -> None:
    """And so is a link that runs something."""
    (tmp_path / "odd.md").write_text("# Odd\n\n<b onclick=x>bold</b> [run](javascript:x) [page](other.md)\n", "utf-8")
    odd = manual.read(tmp_path, "odd")
    assert odd is not None
    assert "<b" not in odd.html
    assert "href" not in odd.html
    assert manual.read(tmp_path, "../odd") is None
