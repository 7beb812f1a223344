"""Words in templates: gettext's functions in the language of the page that is rendered.

A translated message is text: its `&`, `<`, `>` and `"` are escaped, so that a catalogue can neither break an attribute
nor write markup. Values that are markup already stay it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from quizfunnel.i18n.languages import SOURCE
from quizfunnel.i18n.words import Words, words_in

_spoken: ContextVar[str] = ContextVar("spoken", default=SOURCE)


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Let templates speak a language."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def say() -> Words:
    """Return the words of the language that templates speak now."""
    return words_in(_spoken.get())


def install(environment: Environment) -> None:
    """Give an environment `_`, `gettext`, `ngettext`, `pgettext`, `npgettext`, `{% trans %}` and `say`."""
    environment.add_extension("jinja2.ext.i18n")
    environment.newstyle_gettext = True  # type: ignore[attr-defined] # the extension's own flag
    functions: dict[str, Callable[..., Any]] = {
        "_": _gettext,
        "gettext": _gettext,
        "ngettext": _ngettext,
        "pgettext": _pgettext,
        "npgettext": _npgettext,
        "say": say,
    }
    environment.globals.update(functions)


def _gettext(message: str, /, **values: Any) -> Markup:
    return _text(say().translations.gettext(message)) % values


def _ngettext(one: str, many: str, num: int, /, **values: Any) -> Markup:
    words = say()
    return _text(words.translations.ngettext(one, many, num)) % {**values, "num": words.number(num)}


def _pgettext(context: str, message: str, /, **values: Any) -> Markup:
    return _text(say().translations.pgettext(context, message)) % values


def _npgettext(context: str, one: str, many: str, num: int, /, **values: Any) -> Markup:
    words = say()
    return _text(words.translations.npgettext(context, one, many, num)) % {**values, "num": words.number(num)}


def _text(message: str) -> Markup:
    """Escape what would be markup; an apostrophe is none between double quotes, and there are many."""
    for character, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        message = message.replace(character, escaped)
    return Markup(message)  # noqa: S704 - escaped above
