"""Closed sets: the words that a cell may hold, in any language that spreadsheets write them in; pure.

A word that nobody knows never makes a product more available than a plain no, and is a remark.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quizfunnel.catalog.readers.rows import CatalogRow, Remark

# A spreadsheet writes TRUE in its own language when it saves the file again.
_TRUE = frozenset(
    (
        *("true", "yes", "1", "wahr", "ja", "vrai", "oui", "verdadero", "sí", "vero", "sì", "waar"),
        *("sann", "sant", "sand", "tosi", "prawda", "verdadeiro", "sim", "igaz", "pravda", "adevărat", "doğru"),
        *("истина", "αληθησ", "真", "はい", "y", "t"),
    )
)
_FALSE = frozenset(
    (
        *("false", "no", "0", "falsch", "nein", "faux", "non", "falso", "onwaar", "nee"),
        *("falskt", "usann", "falsk", "usand", "epätosi", "fałsz", "não", "hamis", "nepravda", "fals", "yanl\u0131ş"),
        *("yanliş", "ложь", "ψευδησ", "假", "偽", "いいえ", "n", "f"),
    )
)


def truth(text: str) -> bool | None:
    """Return a word for yes or no as spreadsheets of several languages write it; None for any other."""
    word = text.strip().casefold()
    return True if word in _TRUE else False if word in _FALSE else None


@dataclass(frozen=True)
class ClosedSet:
    """The words of one column, each a yes or a no beside those of `truth`; an empty cell is `blank`, or as unknown.

    `otherwise` is what becomes of a product of which no word is known, and `advice` the words to write.
    """

    column: str
    otherwise: str
    advice: str
    words: Mapping[str, bool] = field(default_factory=dict)
    blank: bool | None = True

    def says_yes(self, row: CatalogRow) -> bool:
        """Tell whether a row's cell is a yes; an unknown word is none."""
        return self._meaning(row.get(self.column)) is True

    def remarks(self, row: CatalogRow) -> tuple[Remark, ...]:
        """Return a remark on a cell whose word is not known."""
        word = row.get(self.column)
        if self._meaning(word) is not None:
            return ()
        shown = repr(word[:20]) if word else "empty"
        return (Remark(row.line, f"`{self.column}` is {shown}, so that {self.otherwise}; write {self.advice}"),)

    def _meaning(self, word: str) -> bool | None:
        if not word:
            return self.blank
        known = self.words.get(" ".join(word.casefold().replace("_", " ").split()))
        return truth(word) if known is None else known
