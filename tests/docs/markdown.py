"""Markdown as the pages of this repository write it: links, headings and blocks of code, read by patterns."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)|<(?:img|a)\b[^>]*?\b(?:src|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6} (.+?)\s*$", re.MULTILINE)


def pages() -> tuple[Path, ...]:
    """Return every page that a reader may open, README first."""
    top = (ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"))
    return (*top, *sorted((ROOT / "docs").rglob("*.md")))


def read(page: Path | str) -> str:
    """Return the text of a page, by its path or by its path within the repository."""
    return (ROOT / page).read_text("utf-8")


def links(page: Path) -> Iterator[str]:
    """Return where each link and picture of a page leads, code apart."""
    for match in LINK.finditer(FENCE.sub("", read(page))):
        yield match[1] or match[2]


def anchors(page: Path) -> set[str]:
    """Return the fragments that a page's headings can be reached by: lower case, hyphens for spaces, no signs."""
    names = HEADING.findall(FENCE.sub("", read(page)))
    return {re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-") for name in names}


def block(page: str, kind: str) -> str:
    """Return the first block of code of a kind on a page."""
    match = re.search(rf"^```{kind}\n(.*?)^```", read(page), re.MULTILINE | re.DOTALL)
    assert match is not None
    return match[1]
