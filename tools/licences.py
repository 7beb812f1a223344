"""Licences of what runs with this program: `python tools/licences.py > docs/licences.md`, from what is installed.

Named are the packages that the program itself and its extras need, each with the licence that it says, and the files
of others that lie in static/vendor.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
NOT_RUN = ("build", "test")  # extras that only build and test it
PERMISSIVE = frozenset(
    {"MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "BSD", "0BSD", "Apache-2.0", "PSF-2.0", "Zlib", "CC0-1.0", "ISC"}
)
EXCEPTIONS = {
    "psycopg": "LGPL: used as it is, as a library of its own that whoever hosts this may replace",
    "psycopg-binary": "as psycopg; it brings libpq (PostgreSQL's licence) and OpenSSL (Apache-2.0)",
    "publicsuffixlist": "MPL-2.0: its own files are not changed",
}
"""Packages under another kind of licence, and why they may be used."""

# For packages whose metadata names a family or only says that there is a licence.
SAYS = {"skops": "MIT"}
_OF_CLASSIFIER = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_SPDX = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")
VENDORED = {"htmx.min.js": ("htmx", "0BSD")}
_HEAD = """# Licences of what runs with it

quizfunnel itself is under the [MIT licence](../LICENSE). It runs with the packages below, which `pip` brings and which
this repository does not hold; `python tools/licences.py` writes the page from what is installed, and a test holds it to
that. What only tests and builds need is in `requirements-dev.txt` and goes to nobody.

| package | licence | |
| --- | --- | --- |
"""
_VENDORED_HEAD = """
These files of others are in the repository and in the package, each with its licence beside it:

| file | of | licence |
| --- | --- | --- |
"""
_TAIL = """
Wheels of numpy, scipy and scikit-learn also hold the libraries that they were built with (OpenBLAS, BSD-3-Clause; GCC's
run-time libraries, GPL-3.0 with the exception that lets any program be linked with them): their own licence files say
so. Pictures, quizzes and models are this project's own.
"""


def packages() -> dict[str, Distribution]:
    """Return every package that the program needs to run, by name, as far as it is installed."""
    found: dict[str, Distribution] = {}
    waiting = [(needed.name, each) for needed in _of_project() for each in ("", *needed.extras)]
    seen = set(waiting)
    while waiting:
        name, extra = waiting.pop()
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue  # of another system, or another Python
        found[name] = package
        for needed in _needed(package, extra):
            new = [(needed.name, each) for each in ("", *needed.extras) if (needed.name, each) not in seen]
            seen.update(new)
            waiting += new
    return {_plain(name): package for name, package in sorted(found.items(), key=lambda item: _plain(item[0]))}


def licence(name: str, package: Distribution) -> str:
    """Return the licence that a package says it is under."""
    said = package.metadata
    classified = [text.rpartition(" :: ")[2] for text in said.get_all("Classifier") or () if text.startswith("License")]
    own = (said.get("License-Expression"), said.get("License"))
    spdx = next((text for text in own if text and _SPDX.fullmatch(text)), None)
    return SAYS.get(name) or spdx or " AND ".join(_OF_CLASSIFIER.get(each, each) for each in classified) or "unknown"


def is_permissive(licence: str) -> bool:
    """Tell whether each licence of an expression, or one of those to choose from, is permissive."""
    return any(all(part in PERMISSIVE for part in choice.split(" AND ")) for choice in licence.split(" OR "))


def page() -> str:
    """Return the page."""
    lines = [f"| {name} | {licence(name, each)} | {EXCEPTIONS.get(name, '')} |" for name, each in packages().items()]
    vendored = [f"| `{file}` | {of} | {under} |" for file, (of, under) in VENDORED.items()]
    return f"{_HEAD}{_rows(lines)}{_VENDORED_HEAD}{_rows(vendored)}{_TAIL}"


def _of_project() -> list[Requirement]:
    """Return what pyproject.toml names; an editable installation may be older than the file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].items()
    lines = [*project["dependencies"], *(line for name, each in extras if name not in NOT_RUN for line in each)]
    return [Requirement(line) for line in lines]


def _rows(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def _needed(package: Distribution, extra: str) -> Iterator[Requirement]:
    for line in package.requires or ():
        needed = Requirement(line)
        if needed.marker is None or needed.marker.evaluate({"extra": extra}):
            yield needed


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.stdout.write(page())
