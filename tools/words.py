"""Message catalogues brought up to date: every message of the code and the templates into locale/, translations kept.

`make words` runs it. With --check it writes nothing and fails where a catalogue is behind.
"""

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from quizfunnel.i18n import catalogs
from quizfunnel.i18n.languages import SHIPPED, SOURCE

ROOT = Path(__file__).parents[1]
KEYWORDS = {**DEFAULT_KEYWORDS, "say": None, "marked": None, "AnswerError": None}
COMMENTS = ("Translators:",)
TRANSLATED = tuple(language for language in SHIPPED if language != SOURCE)
HEADER = (
    "# {} of quizfunnel's pages for shoppers. `make words` keeps it up to date; docs/languages.md says how to write it."
)
# Babel numbers Arabic's last two forms the other way round than every other tool of gettext's.
PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}


def messages() -> Catalog:
    """Return every message that is marked in the code and the templates, in the order of the files."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    catalog = Catalog(locale=None, header_comment=HEADER.format("Messages"), fuzzy=False)
    found = extract_from_dir(ROOT, methods, options, KEYWORDS, COMMENTS, directory_filter=_is_of_the_package)
    for file, _line, message, comments, context in found:
        catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalog


def updated(language: str, template: Catalog) -> Catalog:
    """Return a language's catalogue with the template's messages; of others nothing is kept, and nothing is guessed."""
    path = po_file(language)
    known = Catalog(locale=language)
    if path.is_file():
        with path.open("rb") as file:
            known = read_po(file, locale=language)
    catalog = Catalog(locale=language, header_comment=HEADER.format(catalog_name(language)), fuzzy=False)
    for message in template:
        if not message.id:
            continue
        old = known.get(message.id, message.context)
        string = old.string if old else None
        comments = old.user_comments if old else ()
        catalog.add(
            message.id,
            string,
            locations=message.locations,
            auto_comments=message.auto_comments,
            user_comments=comments,
            context=message.context,
        )
    return catalog


def catalog_name(language: str) -> str:
    """Return a language's name in English."""
    return str(Locale(language).get_display_name("en"))


def po_file(language: str) -> Path:
    """Return where a language's catalogue lies."""
    return catalogs.file_of(ROOT / "locale", language)


def text(catalog: Catalog) -> str:
    """Return a catalogue as it is written: with no date and no machine in it, so that only words make it another."""
    file = io.BytesIO()
    write_po(file, catalog, width=120, include_lineno=False, sort_by_file=True, omit_header=True)
    head = [catalog.header_comment, 'msgid ""', 'msgstr ""', '"Content-Type: text/plain; charset=utf-8\\n"']
    if catalog.locale is not None:
        plurals = PLURALS.get(str(catalog.locale), catalog.plural_forms)
        head += [f'"Language: {catalog.locale}\\n"', f'"Plural-Forms: {plurals}\\n"']
    return "\n".join([*head, "", file.getvalue().decode().rstrip("\n"), ""])


def files() -> Iterator[tuple[Path, str]]:
    """Yield every catalogue's file with its text."""
    template = messages()
    yield ROOT / "locale" / "quizfunnel.pot", text(template)
    for language in TRANSLATED:
        yield po_file(language), text(updated(language, template))


def main() -> int:
    """Write the catalogues; with --check say which are behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a catalogue is behind")
    check: bool = parser.parse_args().check
    behind = [(path, body) for path, body in files() if not path.is_file() or path.read_text("utf-8") != body]
    for path, body in behind:
        print(path.relative_to(ROOT))  # noqa: T201 - a tool says what it did
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, "utf-8")
    return 1 if check and behind else 0


def _is_of_the_package(folder: str) -> bool:
    return not Path(folder).name.startswith((".", "_"))


if __name__ == "__main__":
    sys.exit(main())
