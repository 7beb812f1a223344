"""Laws of links: each leads to a file and a heading that are there, and every page can be reached."""

from pathlib import Path

import pytest

from tests.docs import markdown

DOCS = markdown.ROOT / "docs"


def name(page: Path) -> str:
    """Return a page's path within the repository."""
    return page.relative_to(markdown.ROOT).as_posix()


@pytest.mark.parametrize("page", markdown.pages(), ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """A relative link names a file or folder beside its page, and its fragment a heading of the page it leads to."""
    for link in markdown.links(page):
        if link.startswith(("https://", "http://")):
            continue
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert target.is_relative_to(markdown.ROOT), link
        assert not fragment or fragment in markdown.anchors(target), link


def test_the_index_names_every_page() -> None:
    """docs/README.md links to each page of docs/, and to the folder of decisions."""
    linked = {(DOCS / link).resolve() for link in markdown.links(DOCS / "README.md")}
    assert {*DOCS.glob("*.md"), DOCS / "decisions"} - {DOCS / "README.md"} <= linked


def test_the_front_page_leads_to_the_index() -> None:
    """README links to docs/README.md, to CONTRIBUTING and to the CHANGELOG."""
    assert {"docs/README.md", "CONTRIBUTING.md", "CHANGELOG.md"} <= set(markdown.links(markdown.ROOT / "README.md"))
