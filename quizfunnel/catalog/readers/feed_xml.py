"""XML feeds as rows: each item of RSS or entry of Atom, by the names of its own elements; pure.

Nothing outside the text is ever read: a DOCTYPE, by which entities are declared, refuses the file where it stands.
"""

from typing import NoReturn
from xml.parsers import expat

from quizfunnel.catalog.readers.rows import CatalogRow, FileError

_GOOGLE = "http://base.google.com/ns/1.0"
_CUSTOM = "http://base.google.com/cns/1.0"
_PLAIN = frozenset({"", "http://www.w3.org/2005/Atom", "http://purl.org/rss/1.0/"})
_PRODUCTS = frozenset({"item", "entry"})
_DEEPEST = 32
_EXPORT = "export the products as a Google Merchant feed or as CSV"


def rows(text: str) -> list[CatalogRow]:
    """Return a row for each product, its repeated elements on lines of their own; FileError for what is no feed."""
    return _Feed(text).rows


class _Feed:
    """The parser's events, of which those within products are kept."""

    def __init__(self, text: str) -> None:
        """Read a whole text."""
        self.rows: list[CatalogRow] = []
        self._path: list[str] = []
        self._product = 0  # the depth of the product that is being read, 0 outside of all
        self._line = 0
        self._before = text[: len(text) - len(text.lstrip())].count("\n")  # lines that no parser may see
        self._google: dict[str, list[str]] = {}
        self._plain: dict[str, list[str]] = {}
        self._letters: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._letters.append
        self._read(text)

    def _read(self, text: str) -> None:
        try:
            self._parser.Parse(text.lstrip(), True)
        except expat.ExpatError as error:
            raise FileError(error.lineno + self._before, f"this is no XML that can be read: {_reason(error)}") from None
        if not self.rows:
            raise FileError(1, f"this is XML, and no feed: it has no <item> or <entry>; {_EXPORT}")

    def _here(self) -> int:
        return self._parser.CurrentLineNumber + self._before

    def _refuse(self, *_: object) -> NoReturn:
        raise FileError(self._here(), f"this is XML with a DOCTYPE, which is not read; {_EXPORT}")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        self._path.append(local)
        if len(self._path) > _DEEPEST:
            raise FileError(self._here(), f"more than {_DEEPEST} elements stand in one another")
        if not self._product and local in _PRODUCTS and space in _PLAIN:
            self._product, self._line = len(self._path), self._here()
            self._google, self._plain = {}, {}
        self._letters.clear()
        if local == "link" and attributes.get("rel", "alternate") == "alternate" and attributes.get("href"):
            self._letters.append(attributes["href"])  # Atom's

    def _end(self, name: str) -> None:
        depth = len(self._path)
        if self._product and depth == self._product + 1:
            self._keep(*name.rpartition(" ")[::2])
        elif depth == self._product:
            cells = {key: "\n".join(values) for key, values in {**self._plain, **self._google}.items()}
            self.rows.append(CatalogRow(self._line, cells))
            self._product = 0
        self._path.pop()
        self._letters.clear()  # of an element within a product's own, which is no part of it

    def _keep(self, space: str, local: str) -> None:
        """Keep an element of a product's own, of which Google's counts before a plain one."""
        if value := " ".join("".join(self._letters).split()):
            if space == _GOOGLE:
                self._google.setdefault(local, []).append(value)
            elif space == _CUSTOM:
                self._google.setdefault(f"c:{local}", []).append(value)
            elif space in _PLAIN:
                self._plain.setdefault(local, []).append(value)


def _reason(error: expat.ExpatError) -> str:
    """Return in words why a text is no XML."""
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_UNBOUND_PREFIX]:
        return f'a prefix like g: is not declared; begin with <rss xmlns:g="{_GOOGLE}" version="2.0">'
    return f"{expat.ErrorString(error.code)}; download or export it again"
