"""Language tags: the languages that are shipped, a tag's folder, its locale and its direction; pure."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError

SOURCE = "en"
"""The language that messages are written in: it needs no catalogue."""

PARAMETER = "lang"
"""The argument of an address that names a language."""

TAG = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
"""The pattern of a language's tag: `de`, `pt-BR`."""

SHIPPED = ("en", "de", "fr", "es", "it", "nl", "pl", "ja", "ar")


def lineage(language: str) -> Iterator[str]:
    """Yield a language and those that it is a form of: ``pt-BR``, then ``pt``."""
    while language:
        yield language
        language = language.rpartition("-")[0]


def nearest(language: str, available: Sequence[str]) -> str:
    """Return the available language that comes nearest to one: itself, or one that it is a form of, or a form of it."""
    wanted = language.replace("_", "-").lower()
    known = {each.lower(): each for each in available}
    forms = (each for tag, each in known.items() if wanted and tag.startswith(f"{wanted}-"))
    return next((known[tag] for tag in lineage(wanted) if tag in known), "") or next(forms, "")


def folder_of(language: str) -> str:
    """Return the folder of a language's catalogue, as gettext names it: ``pt_BR``."""
    return language.replace("-", "_")


def is_source(language: str) -> bool:
    """Tell whether a language is the one that messages are written in, or a form of it."""
    return SOURCE in lineage(language)


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """Return CLDR's locale of a language or of the one that it is a form of; English where there is none."""
    for tag in lineage(language):
        try:
            return Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return Locale(SOURCE)


def direction(language: str) -> str:
    """Return the direction that a language is written in, as HTML's `dir` says it: ``ltr`` or ``rtl``."""
    return str(locale_of(language).text_direction)


def own_name(language: str) -> str:
    """Return a language's name in itself, as a switch of languages names it: `Deutsch`."""
    name = locale_of(language).get_display_name(folder_of(language)) or language
    return name[:1].upper() + name[1:]
