"""Vocabulary of one form of YAML file: its keys, by what may stand behind them; pure."""

from collections.abc import Mapping
from typing import NamedTuple


class Vocabulary(NamedTuple):
    """Keys of a form of file.

    `keys` are all of them. Of these hold `texts` what people read, `addresses` names of files and addresses, in which
    braces may stand, `lists` lists, and `mappings` further keys, each with the key that a value by itself would have.
    Where `is_open` the file may have other keys too, whose values are texts. `prefixes` begin names like
    ``tag:decaf``.
    """

    keys: frozenset[str]
    texts: frozenset[str]
    addresses: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    mappings: Mapping[str, str] = {}
    prefixes: frozenset[str] = frozenset()
    is_open: bool = False

    def is_text(self, key: str) -> bool:
        """Tell whether a key holds a text, whatever it begins with."""
        return key in self.texts or (self.is_open and key not in self.keys)

    def is_value(self, key: str) -> bool:
        """Tell whether a key holds one value, so that a colon or a quotation mark in it is part of the value."""
        return key not in self.lists and self.mappings.get(key, key) != "" and (self.is_open or key in self.keys)
