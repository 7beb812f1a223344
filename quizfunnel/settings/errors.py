"""Wrong settings, told with the place where each one stands and with what was perhaps meant."""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from quizfunnel.settings.names import BESIDES, FROM_FILE, PREFIX, SECRETS, SOURCES, source_secret, variable

LIKE = {
    "invitations": '{"/coffee/*": "coffee"}',
    "shop": '{"origins": ["https://shop.example"], "consent_adapter": "call"}',
    "holdout": '{"name": "all-year", "share": 0.1}',
    "comparisons": '{"shorter": {"quizzes": ["coffee", "coffee-short"]}}',
    "catalogs": '{"catalogs/coffee.csv": "https://shop.example/products.csv"}',
    "theme": '{"name": "linen", "accent": {"light": "#9a3f24", "dark": "#f0a98c"}}',
    "retention": '{"bodies": "14 days"}',
    SOURCES: '{"standard": {"secret": "whsec_MfKQ..."}}',
}
"""Tables as the environment gives them."""

_GONE = {
    "staff_password": "opens nothing any more: everybody of the staff signs in with a name and password of their own. "
    "Run quizfunnel staff add NAME --role admin, open the link that it prints, and take this setting away; "
    "docs/staff.md says more"
}
"""Settings of earlier versions, and what is done instead."""


_KEY = "[key]"  # the library's word for a fault of a table's key, which the place names already
_LONGEST_VALUE = 80
_PLAIN = {
    "Field required": "is missing",
    "Extra inputs are not permitted": "is no key of this table",
    "Input should be a valid dictionary": "is no table of keys and values",
    "String should match pattern": "must be a name of lower-case letters, digits and hyphens",
    "Input should be a valid integer": "must be a whole number",
    "Input should be a valid number": "must be a number",
    "Input should be a valid boolean": "must be true or false",
    "Input should be a valid string": "must be a text, in quotation marks",
    "Input should be a valid tuple": 'must be a list, like ["checkout.example"]',
}
_LINE = re.compile(r"\(at line (\d+)")
_NUMBER = re.compile(r"Input should be (less|greater) than or equal to ([\d.]+)")
_SIDES = {"less": "less", "greater": "more"}


class SettingsError(Exception):
    """A setting, or a combination of them, that cannot work; the text says the remedy."""


def gone(environ: Mapping[str, str]) -> list[str]:
    """Return a line for every variable of a setting that an earlier version had, with what is done instead."""
    places = {variable(name) + suffix: says for name, says in _GONE.items() for suffix in ("", FROM_FILE)}
    return [f"{name} {says}" for name, says in places.items() if environ.get(name)]


def strangers(environ: Mapping[str, str], known: Iterable[str]) -> list[str]:
    """Return a line for every QUIZFUNNEL_ variable that is none of the known ones, with what was perhaps meant."""
    names = [*known, *(f"{PREFIX}{name}" for name in BESIDES)]
    lines = gone(environ)
    names += [line.partition(" ")[0] for line in lines]
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            lines.append(f"{name} is no setting and changes nothing" + (f"; is {near[0]} meant?" if near else ""))
    return lines


def explain(place: tuple[Any, ...], message: str, *, toml: Path, settings: Sequence[str], given: object = None) -> str:
    """Return the line for one error of the library: where the setting stands, and what is wrong with it.

    The value that was `given` is named with it, but for secrets and what holds them.
    """
    name = str(place[0]) if place else ""
    if not name:
        return f"{toml}: {plainly(message)}"
    is_secret = name in (SOURCES, "catalogs", *SECRETS)
    secret = source_secret(str(place[1])) if name == SOURCES and len(place) > 1 else ""
    if secret and {variable(secret), variable(secret) + FROM_FILE, secret} & {*os.environ, *_written(toml)}:
        name, place = secret, (secret,)
    if name in _GONE:
        return f"{toml}: {name} {_GONE[name]}"
    if name not in settings:
        near = difflib.get_close_matches(name, settings, n=1)
        return f"{toml}: {name} is no setting" + (f"; is {near[0]} meant?" if near else "")
    inside = "".join(f"{part}: " for part in place[1:] if part != _KEY)
    message = inside + plainly(message) + ("" if is_secret else _shown(given))
    if variable(name) in os.environ:
        like = f"; write it like {LIKE[name]}" if name in LIKE and not inside else ""
        return f"{variable(name)}: {message}{like}"
    if variable(name) + FROM_FILE in os.environ:
        return f"{variable(name)}{FROM_FILE}: {message}"
    return f"{toml}: {name}: {message}"


def slip(error: tomllib.TOMLDecodeError, toml: Path) -> str:
    """Return what to do about a line that is no TOML, "" where its fault is none of the usual ones."""
    place = _LINE.search(str(error))
    with suppress(OSError, IndexError, UnicodeDecodeError):
        line = toml.read_text("utf-8").splitlines()[int(place[1]) - 1] if place else ""
        if set(line) & set("“”„\u2018\u2019"):
            return "; write straight quotation marks in place of “ and ”"
        if "Invalid value" in str(error):
            return '; a text stands in quotation marks, like shop_url = "https://shop.example"'
        if "Cannot overwrite" in str(error) or "Cannot declare" in str(error):
            return "; it stands there twice: keep one of them"
    return ""


def _shown(value: object) -> str:
    """Return a value as it was written, shortened; nothing for a table, which stands in its place for all to see."""
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        value = ",".join(value)
    if not isinstance(value, str | int | float):
        return ""
    text = repr(value) if isinstance(value, str) else str(value).lower()
    return f"; it is {text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + '...'}"


def _written(toml: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(toml.read_text("utf-8"))
    except OSError:
        return {}


def plainly(message: str) -> str:
    """Return what the library says of a setting in words that name no type of ours."""
    message = message.removeprefix("Value error, ")
    plain = next((words for beginning, words in _PLAIN.items() if message.startswith(beginning)), None)
    if plain is not None:
        return plain
    number = _NUMBER.fullmatch(message)
    if number:
        return f"must be {number[2]} or {_SIDES[number[1]]}"
    return message.replace("Input should be", "must be", 1)
