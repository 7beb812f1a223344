"""The snippet: one small script made of parts, as this store's settings need them, with nothing but code in it."""

import gzip
import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from string import ascii_letters
from typing import Any, NamedTuple

from quizfunnel.i18n.words import Words, languages, words_in
from quizfunnel.settings import Settings

FOLDER = "snippet"
MOST_BYTES = 1536  # of the script as it travels
_TEXT = re.compile(r'("[^"\n]*")')
_BLANKS = re.compile(r"\s*([=,;:{}()\[\]?<>|&+!-])\s*|(\s)\s+")
_NAME = re.compile(r"(?<![.\w])[a-z]{4,}\b")
SHORT = (
    *(
        "answer",
        "base",
        "before",
        "begun",
        "early",
        "find",
        "keep",
        "kept",
        "listen",
        "load",
        "look",
        "post",
        "privacy",
    ),
    *("ready", "safe", "said", "seen", "selector", "send", "since", "start", "tell", "text", "time", "visible", "wait"),
    "waiting",
)
"""Variables of the core and the parts of consent, written out for readers; none may name a key."""
_LETTERS = [letter for letter in ascii_letters if letter not in "dew"]
PARTS = ("banner", "card", "cart", "frame", "withdraw")


class Script(NamedTuple):
    """A script as it travels: plain, compressed, and the tag by which a browser knows that it is still the same."""

    text: bytes
    compressed: bytes
    etag: str


def snippet(settings: Settings, folders: Sequence[Path]) -> Script:
    """Return the script for the pages of this store's shop; the store's own files stand before the shipped ones."""
    shop = settings.shop
    adapter = "own" if shop.consent_banner and settings.consent == "ask" else shop.consent_adapter or "call"
    values = {
        "ask": int(settings.consent == "ask"),
        "cart": int(bool(shop.platform)),
        "events": list(shop.events),
        "places": _places(settings),
    }
    return _made(("core", f"consent_{adapter}"), _json(values), tuple(folders))


def _places(settings: Settings) -> str:
    """Return the selector of the places that an invitation may have.

    A browser that cannot read one of several passes it over within `:is()`; in a plain list it would find none at all.
    """
    named = [settings.shop.place, *(each.place for each in settings.invitations.values())]
    places = list(filter(None, dict.fromkeys(["[data-qf]", *named])))
    return f":is({','.join(places)})" if len(places) > 1 else places[0]


def part(name: str, settings: Settings, folders: Sequence[Path]) -> Script | None:
    """Return a script that the snippet loads where a page needs it, None where there is none."""
    if name not in PARTS:
        return None
    shop = settings.shop
    names: tuple[str, ...] = (name,)
    values: dict[str, Any] = {"places": _places(settings)}
    if name in ("cart", "withdraw"):
        names = (f"cart_{shop.platform or 'none'}", name)
    elif name == "frame":
        values["words"] = _by_language(_frame_words)
    elif name == "banner":
        own = {language: each.model_dump() for language, each in shop.banner_words.items()}
        values = {"words": _by_language(_banner_words) | own, "notice": settings.privacy_url}
    try:
        return _made(names, _json(values), tuple(folders))
    except FileNotFoundError:
        return None


def _by_language(words: Callable[[Words], dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return words in every language that pages have, by the tag that a page's `lang` is compared with."""
    return {language.lower(): words(words_in(language)) for language in languages()}


def _frame_words(say: Words) -> dict[str, str]:
    """Return the words around a quiz on the shop's page."""
    return {"quiz": say("Quiz"), "close": say.pgettext("a button that closes a popup", "Close")}


def _banner_words(say: Words) -> dict[str, str]:
    """Return the words of our own question of consent."""
    return {
        "text": say(
            "We would like to recognise you on this shop's pages, to learn whether our product finder helps. To "
            "compare, some visitors are not shown it."
        ),
        "yes": say("Agree"),
        "no": say("Decline"),
        "notice": say("Privacy notice"),
    }


def squeezed(code: str) -> str:
    """Return a script without comments, indentation and the blanks beside signs; texts in quotation marks stay.

    It is enough for scripts of ours: every statement ends with a semicolon or a brace, comments have lines of their
    own, and there are no templates and no other quotation marks.
    """
    lines = (line.strip() for line in code.splitlines())
    whole = "\n".join(line for line in lines if not line.startswith("//"))
    return _outside_texts(whole, lambda part: _BLANKS.sub(lambda sign: sign[1] or sign[2], part)).strip()


def shortened(code: str) -> str:
    """Return a script with one letter for each of `SHORT`, which name nothing but variables of ours."""
    letters = dict(zip(SHORT, _LETTERS, strict=False))
    return _outside_texts(code, lambda part: _NAME.sub(lambda name: letters.get(name[0], name[0]), part))


def _outside_texts(code: str, change: Callable[[str], str]) -> str:
    parts = _TEXT.split(code)
    parts[::2] = map(change, parts[::2])
    return "".join(parts)


@lru_cache(maxsize=16)
def _made(names: tuple[str, ...], values: str, folders: tuple[Path, ...]) -> Script:
    parts = squeezed("\n".join(_read(f"{name}.js", folders) for name in names))
    if names[0] == "core":
        parts = shortened(parts)
    text = f"(function(w,d,set){{try{{{parts}}}catch(e){{}}}})(window,document,{values});".encode()
    return Script(text, gzip.compress(text, mtime=0), sha256(text).hexdigest()[:16])


def _read(name: str, folders: Sequence[Path]) -> str:
    """Return a part's code, of the first folder that has it; FileNotFoundError where none has."""
    path = next((path for folder in folders if (path := folder / FOLDER / name).is_file()), Path(FOLDER) / name)
    return path.read_text("utf-8")


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, separators=(",", ":"), ensure_ascii=True)
