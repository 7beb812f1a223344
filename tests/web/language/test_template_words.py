"""Laws of words in templates: those of the page's language, and never markup."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from quizfunnel.i18n import catalogs
from quizfunnel.i18n.words import bring
from quizfunnel.web import environment
from quizfunnel.web.render import render_text

GERMAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Hello %(name)s"
msgstr "Hallo <b>&\\"%(name)s\\""

msgid "%(num)s answer"
msgid_plural "%(num)s answers"
msgstr[0] "eine Antwort"
msgstr[1] "%(num)s Antworten"

msgctxt "a button"
msgid "Open"
msgstr "Öffnen"
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page in a language."""

    lang: str
    name: str = "<Anna>"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """Give an app whose templates may speak German."""
    path = catalogs.file_of(tmp_path / "locale", "de")
    path.parent.mkdir(parents=True)
    path.write_text(GERMAN, "utf-8")
    bring(tmp_path / "locale")
    app = Flask("words", static_folder=None)
    environment.install(app, (tmp_path,))
    yield app
    bring()


@pytest.mark.parametrize(
    ("template", "english", "german"),
    [
        ('{{ _("Hello %(name)s", name=name) }}', "Hello &lt;Anna&gt;", "Hallo &lt;b&gt;&amp;&quot;&lt;Anna&gt;&quot;"),
        ("{% trans %}Hello {{ name }}{% endtrans %}", "Hello &lt;Anna&gt;", None),
        ('{{ ngettext("%(num)s answer", "%(num)s answers", 1) }}', "1 answer", "eine Antwort"),
        ('{{ ngettext("%(num)s answer", "%(num)s answers", 2) }}', "2 answers", "2 Antworten"),
        ('{{ pgettext("a button", "Open") }}', "Open", "Öffnen"),
        ('{{ npgettext("a button", "%(num)s x", "%(num)s xs", 2) }}', "2 xs", "2 xs"),
        ('{{ say().number(2.5) }} {{ say().all_of(["a", "b"]) }}', "2.5 a and b", "2,5 a und b"),
        ('{{ _("Hello %(name)s", name="<i>A</i>"|safe) }}', "Hello <i>A</i>", None),
        (
            "{% macro m() %}{{ ngettext('%(num)s answer', '%(num)s answers', 1) }}{% endmacro %}{{ m() }}",
            "1 answer",
            "eine Antwort",
        ),
    ],
)
def test_a_template_speaks_the_pages_language(
    app: Flask, tmp_path: Path, template: str, english: str, german: str | None
) -> None:
    """Its messages are those of `lang`, macros' too; a catalogue writes no markup and breaks no attribute."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "a.html").write_text(template, "utf-8")
    with app.app_context():
        assert render_text("a.html", Page("en")) == english
        if german is not None:
            assert render_text("a.html", Page("de")) == german


def test_what_is_imported_speaks_it_too(app: Flask, tmp_path: Path) -> None:
    """A macro of another file needs no context for it."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "m.html").write_text('{% macro m() %}{{ pgettext("a button", "Open") }}{% endmacro %}', "utf-8")
    (folder / "a.html").write_text('{% import "m.html" as m %}{{ m.m() }}', "utf-8")
    with app.app_context():
        assert [render_text("a.html", Page(lang)) for lang in ("de", "en")] == ["Öffnen", "Open"]
