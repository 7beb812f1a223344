"""Words of a language: messages in it, and numbers, money, days and lists as CLDR writes them; pure.

A message is a whole sentence in English with named places; `python -m babel.messages.frontend`, by `make words`,
finds it wherever `say(...)`, `say.ngettext(...)` or `say.pgettext(...)` is written.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from quizfunnel.i18n import catalogs
from quizfunnel.i18n.languages import SHIPPED, direction, locale_of
from quizfunnel.kit.money import format_money


class Words:
    """The words of one language; called with a message it says it in that language."""

    def __init__(self, language: str, translations: NullTranslations, names: Mapping[str, str] | None = None) -> None:
        """Take the language's tag, its translated messages, and what a quiz calls things of its catalogue."""
        self.language = language
        self.translations = translations
        self.names = names or {}
        self._locale = locale_of(language)

    def naming(self, names: Mapping[str, str]) -> "Words":
        """Return the same words with names for a catalogue's tags and attributes."""
        return Words(self.language, self.translations, names) if names else self

    def __call__(self, message: str, /, **values: Any) -> str:
        """Return a message with its places filled: ``say("Choose up to %(most)s", most=3)``."""
        return self.translations.gettext(message) % values

    def plain(self, message: str) -> str:
        """Return a message that has no places, and may have percent signs, as it stands in a table."""
        return self.translations.gettext(message)

    def ngettext(self, one: str, many: str, num: int, /, **values: Any) -> str:
        """Return the form of a message that a number needs, with the number at its place `num`."""
        return self.translations.ngettext(one, many, num) % {"num": self.number(num), **values}

    def pgettext(self, context: str, message: str, /, **values: Any) -> str:
        """Return a message that means one thing among several: ``say.pgettext("a button", "Open")``."""
        return self.translations.pgettext(context, message) % values

    def npgettext(self, context: str, one: str, many: str, num: int, /, **values: Any) -> str:
        """Return the form of a message of one meaning that a number needs."""
        return self.translations.npgettext(context, one, many, num) % {"num": self.number(num), **values}

    @property
    def direction(self) -> str:
        """Return the direction that the language is written in: ``ltr`` or ``rtl``."""
        return direction(self.language)

    def number(self, value: float) -> str:
        """Return a number without needless zeros: `2.5` is "2,5" in German."""
        return _number(self.language, float(value))

    def percent(self, share: float) -> str:
        """Return a share of 1 as whole percents."""
        return str(format_percent(share, format=None, locale=self._locale))

    def money(self, minor: int, currency: str, *, short: bool = False) -> str:
        """Return an amount in minor units; a whole one is `short` in a sentence, where it is no price."""
        return format_money(minor, currency, self.language, short=short)

    def day(self, day: date) -> str:
        """Return a day with its month in words."""
        return str(format_date(day, "long", locale=self._locale))

    def all_of(self, items: Sequence[str]) -> str:
        """Return a list of things that all hold: "a, b and c"."""
        return str(format_list(list(items), "standard", locale=self._locale))

    def listed(self, items: Sequence[str]) -> str:
        """Return things one after the other, with no word between them: "a, b, c"."""
        return _pattern(self.language).join(items)

    def any_of(self, items: Sequence[str]) -> str:
        """Return a list of things of which one holds: "a, b or c"."""
        return str(format_list(list(items), "or", locale=self._locale))


def marked(message: str) -> str:
    """Return a message as it is: it stands in a table and is translated where it is said."""
    return message


class _Folders:
    """The folders of a store's catalogues, the languages that have words with them, and those that were read so far."""

    used: tuple[Path, ...] = ()
    languages: tuple[str, ...] = SHIPPED
    loaded: tuple[str, ...] = ()


def bring(*folders: Path) -> None:
    """Let the catalogues of a store in `folders` come before those that are shipped, from now on in this process."""
    _Folders.used, _Folders.languages, _Folders.loaded = folders, catalogs.languages_in(folders), ()
    _words.cache_clear()


def words_in(language: str) -> Words:
    """Return the words of a language; English ones where it has no catalogue."""
    return _words(language)


def languages() -> tuple[str, ...]:
    """Return the languages that have words in this process."""
    return _Folders.languages


def loaded() -> tuple[str, ...]:
    """Return the languages whose words were needed so far."""
    return _Folders.loaded


@lru_cache(maxsize=64)
def _words(language: str) -> Words:
    _Folders.loaded = (*_Folders.loaded, language)
    return Words(language, catalogs.translations(language, (*_Folders.used, catalogs.shipped())))


@lru_cache(maxsize=64)
def _pattern(language: str) -> str:
    """Return a language's own comma; Arabic writes an "and" in its place, which a plain list has none of."""
    between = str(locale_of(language).list_patterns["standard"]["middle"]).replace("{0}", "").replace("{1}", "")
    return between if between.strip() in (",", "、", "，") else "، "  # noqa: RUF001 - the commas that scripts have


@lru_cache(maxsize=4096)
def _number(language: str, value: float) -> str:
    return str(format_decimal(float(f"{value:.10g}"), format="#0.##########", locale=locale_of(language)))
