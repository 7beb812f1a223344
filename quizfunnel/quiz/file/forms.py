"""Forms of a value of which a quiz file takes several, a `when` or an entry of `requires`, told in words; pure.

pydantic would list what each of the forms is not.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from quizfunnel.quiz.kinds.fields import LONGEST_SELECTOR, SELECTOR, Path, is_slug

Complaints = Iterator[tuple[Path, str, bool]]
"""Places, words, and whether the key is meant and not its value."""

_WHEN = "name earlier questions and their answers, like {brew: [espresso, filter]} or {budget: {at_least: 20}}"
_LIST = "must be a list: [one, two], or each entry in a line that begins with a hyphen"
_ANY = "where one of several is enough, write [{any: [tag:a, tag:b]}]"


def complaints(value: Any, path: Path) -> Complaints:
    """Yield everything wrong with a `when`, or with a rule; one thing at least."""
    if path[-1] == "when":
        yield from list(when(value, path)) or [(path, f"`when` must {_WHEN}", False)]
    else:
        yield from list(rule(value, path)) or [(path, f"`{path[-1]}` {_LIST}", False)]


def when(value: Any, path: Path) -> Complaints:
    """Yield everything wrong with a `when`: pydantic would list what each of its forms is not."""
    if isinstance(value, list):
        if not value:
            yield path, f"`when` is an empty list; {_WHEN}", False
        for number, alternative in enumerate(value):
            yield from _when_all(alternative, (*path, number))
    else:
        yield from _when_all(value, path)


def _when_all(value: Any, path: Path) -> Complaints:
    if not isinstance(value, dict) or not value:
        yield path, f"`when` must {_WHEN}", False
        return
    for name, condition in value.items():
        if not is_slug(name):
            yield (*path, name), not_an_id(name), True
        yield from _condition(name, condition, (*path, name))


def _condition(name: str, value: Any, path: Path) -> Complaints:
    if isinstance(value, dict) and "not" in value:
        yield from _unless(name, value, path)
    elif isinstance(value, dict):
        yield from _threshold(name, value, path)
    elif isinstance(value, list):
        if not value:
            yield path, f"`{name}` names no answer; list the choices after which to ask", False
        for number, choice in enumerate(value):
            yield from _answer(choice, (*path, number))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield (
            path,
            f"`{name}: {value}` is no condition; for a scale write {{at_least: {value}}} or {{at_most: ...}}",
            False,
        )
    else:
        yield from _answer(value, path)


def _answer(value: Any, path: Path) -> Complaints:
    if not isinstance(value, str):
        shown = (
            {"True": "true", "False": "false", "None": "nothing"}.get(str(value), value)
            if _is_scalar(value)
            else "this"
        )
        yield path, f'{shown} is no answer; write the id of a choice, in quotes where it is a word like "true"', False
    elif not is_slug(value):
        yield path, not_an_id(value), False


def _unless(name: str, value: Mapping[str, Any], path: Path) -> Complaints:
    for key in value.keys() - {"not"}:
        yield (*path, key), f"`{key}` cannot stand beside `not`; write another alternative for it", True
    inner = value["not"]
    if isinstance(inner, dict) and "not" in inner:
        yield (*path, "not"), f"a `not` in a `not` says nothing; write `{name}` without them", False
    else:
        yield from _condition(name, inner, (*path, "not"))


def _threshold(name: str, value: Mapping[str, Any], path: Path) -> Complaints:
    if not value:
        yield path, f"`{name}` needs at_least or at_most", False
    for key, bound in value.items():
        if key not in ("at_least", "at_most"):
            yield (*path, key), unknown(key, ("at_least", "at_most", "not")), True
        elif bound is None or isinstance(bound, bool) or not isinstance(bound, int | float):
            yield (*path, key), f"`{key}` must be a number", False


def not_an_id(value: str) -> str:
    """Return what to say of a text that is no id."""
    return f"{value[:40]!r} is no id; use lower-case letters, digits and single hyphens, like dark-roast"


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float)


def rule(value: Any, path: Path) -> Complaints:
    """Yield everything wrong with `requires` or `excludes`."""
    if isinstance(value, dict) and "any" in value:
        yield path, f"`{path[-1]}` must be a list; {_ANY}", False
    elif not isinstance(value, list):
        yield path, f"`{path[-1]}` {_LIST}", False
    else:
        for number, entry in enumerate(value):
            yield from _entry(entry, (*path, number))


def _entry(entry: Any, path: Path) -> Complaints:
    """Yield everything wrong with one entry of a rule: a name, or names of which one is enough."""
    if isinstance(entry, list):
        yield path, f"{subject(path)} is a list of its own; {_ANY}", False
    elif not isinstance(entry, dict):
        yield from _name(entry, path)
    elif torn := next(
        (f"{key}:{'' if name is None else name}" for key, name in entry.items() if _is_torn(key, name)), ""
    ):
        yield path, f"{subject(path)} {_mended(torn)}", False
    else:
        for key in entry.keys() - {"any"}:
            yield (*path, key), unknown(key, ("any",)), True
        if "any" in entry or not entry:
            yield from _any(entry.get("any"), (*path, "any") if entry else path)


def _is_torn(key: str, name: Any) -> bool:
    """Tell whether a name of products was read as a key and its value: `tag: decaf`."""
    return key != "any" and not isinstance(name, list | dict)


def _mended(torn: str) -> str:
    """Return what to say of a name of products that was torn at its colon: how it is written, if anything follows."""
    if torn.endswith(":"):
        return names_nothing(torn)
    return f'has a space behind its colon; write {torn}, or "{torn}" in quotes'


def _any(names: Any, path: Path) -> Complaints:
    if not isinstance(names, list) or not names:
        yield path, "`any` must be a list of names of which one is enough, like {any: [tag:a, tag:b]}", False
        return
    for number, name in enumerate(names):
        yield from _name(name, (*path, number))


def _name(name: Any, path: Path) -> Complaints:
    if not isinstance(name, str):
        yield path, f"{subject(path)} must be text; put it in quotes", False
    elif not re.search(SELECTOR, name):
        yield path, f"{subject(path)} {names_nothing(name)}", False
    elif len(name) > LONGEST_SELECTOR:
        yield path, f"{subject(path)} has {len(name)} characters; {LONGEST_SELECTOR} are the most", False


def names_nothing(name: str) -> str:
    """Return what to say of a text that is no name of products."""
    return f"{name[:40]!r} names nothing; write tag:NAME, product:ID, type:NAME, vendor:NAME or ATTRIBUTE:VALUE"


def subject(path: Path) -> str:
    """Name what is wrong: the key it stands under, with its number where it is an entry of a list."""
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    if not name:
        return "the quiz"
    return f"`{name}`" if path and path[-1] == name else f"entry {int(path[-1]) + 1} of `{name}`"


def unknown(key: str, known: Iterable[str]) -> str:
    """Return what to say about an unknown key where `known` ones may stand."""
    names = sorted(known)
    if near := nearest_key(key, names):
        return f"unknown key `{key}`; did you mean `{near}`?"
    return f"unknown key `{key}`; the keys here are {', '.join(names)}"


def nearest_key(key: str, known: Iterable[str]) -> str:
    """Return the known key that an unknown one seems to be; nothing where none is near."""
    return next(iter(difflib.get_close_matches(key, sorted(known), n=1)), "")
