"""Message catalogues: gettext's .po files read as they are, those of the store before those that are shipped.

A translated message is used only where its places are those of the message: nothing that a translator mistypes can
break a shopper's page, which has the message in English instead.
"""

import gettext
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from quizfunnel.i18n.languages import SHIPPED, folder_of, lineage
from quizfunnel.shipped import shipped_folder

FILE = "LC_MESSAGES/quizfunnel.po"
MOST_BYTES = 4 * 1024 * 1024
COUNT = "num"
"""The place of a plural's number, which a form that says it in words may leave out."""

_PLACE = re.compile(r"%\((\w+)\)s")


class CatalogFault(NamedTuple):
    """One fault of a catalogue: its line, and the message that is not used for it; line 1 where none of it is."""

    line: int
    say: str


class MessageCatalog(NamedTuple):
    """A .po file as it was read, without the messages that have a fault."""

    catalog: Catalog
    faults: tuple[CatalogFault, ...] = ()


def shipped() -> Path:
    """Return the folder of the shipped catalogues."""
    return shipped_folder() / "locale"


def file_of(folder: Path, language: str) -> Path:
    """Return where a language's catalogue lies in a folder of catalogues."""
    return folder / folder_of(language) / FILE


def languages_in(folders: Iterable[Path]) -> tuple[str, ...]:
    """Return the languages that have words: those that are shipped, then those that folders bring."""
    brought = (path.parents[1].name for folder in folders for path in sorted(folder.glob(f"*/{FILE}")))
    return tuple(dict.fromkeys((*SHIPPED, *(name.replace("_", "-") for name in brought))))


def is_known(language: str, folders: Sequence[Path]) -> bool:
    """Tell whether a language, or the one that it is a form of, has words."""
    return not set(lineage(language)).isdisjoint(languages_in(folders))


def read(path: Path, language: str) -> MessageCatalog:
    """Read a .po file; one that cannot be read has no messages and one fault."""
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            return _nothing(language, 1, f"is larger than {MOST_BYTES // 1024**2} MiB; a catalogue has words alone")
        catalog = read_po(io.BytesIO(body), locale=folder_of(language), abort_invalid=True)
    except OSError as error:
        return _nothing(language, 1, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        return _nothing(language, 1, "is not written in UTF-8; save it as UTF-8")
    except PoFileError as error:
        return _nothing(language, error.lineno + 1, f"is no .po file from here on ({error}); mend the line")
    except Exception as error:  # noqa: BLE001 - the library raises what its parts raise, for a header too
        return _nothing(language, 1, f"cannot be read as a .po file: {error}")
    faults = tuple(_faults(catalog))
    for message in [each for each in catalog if each.id and _fault(each, catalog.num_plurals)]:
        catalog.delete(message.id, message.context)
    return MessageCatalog(catalog, faults)


def translations(language: str, folders: Sequence[Path]) -> gettext.NullTranslations:
    """Return the messages of a language: of the first folder that has one, down to English as it is written here."""
    chain = [
        _compiled(path, path.stat().st_mtime_ns, tag)
        for folder in folders
        for tag in lineage(language)
        if (path := file_of(folder, tag)).is_file()
    ]
    whole = gettext.NullTranslations()
    for catalog in reversed(chain):
        with_rest = gettext.GNUTranslations(io.BytesIO(catalog))
        with_rest.add_fallback(whole)
        whole = with_rest
    return whole


def places(message: str) -> frozenset[str]:
    """Return the names of a message's places: ``name`` of `%(name)s`."""
    return frozenset(_PLACE.findall(message))


@lru_cache(maxsize=32)
def _compiled(path: Path, _changed_ns: int, language: str) -> bytes:
    file = io.BytesIO()
    write_mo(file, read(path, language).catalog)
    return file.getvalue()


def _nothing(language: str, line: int, say: str) -> MessageCatalog:
    return MessageCatalog(Catalog(locale=folder_of(language)), (CatalogFault(line, say),))


def _faults(catalog: Catalog) -> Iterator[CatalogFault]:
    for message in catalog:
        if message.id and (fault := _fault(message, catalog.num_plurals)):
            yield CatalogFault(message.lineno or 1, fault)


def _fault(message: Message, forms: int) -> str:
    """Return why a translated message cannot be used, "" for one that can or is not translated."""
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    given = message.string if isinstance(message.string, tuple | list) else (message.string,)
    strings = [text or "" for text in given]
    if not any(strings) or message.fuzzy:
        return ""
    name = f"“{ids[0]}”"
    if len(ids) > 1 and (len(strings) != forms or not all(strings)):
        return f"{name} needs all {forms} plural forms of this language"
    needed = places(ids[-1])
    for text in strings:
        if "%" in _PLACE.sub("", text.replace("%%", "")):
            return f"{name} is translated with a % that is no place; write %% for a percent sign"
        has = places(text)
        if has - needed or (needed - has) - ({COUNT} if len(ids) > 1 else set()):
            return f"{name} is translated with other places than {_listed(needed)}; keep each as it is, in any order"
    return ""


def _listed(names: Iterable[str]) -> str:
    return " ".join(f"%({name})s" for name in sorted(names)) or "none"
