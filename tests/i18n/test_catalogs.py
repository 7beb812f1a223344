"""Laws of message catalogues: the store's before the shipped ones, and nothing mistyped in them reaches a page."""

from pathlib import Path

import pytest

from quizfunnel.i18n import catalogs
from quizfunnel.i18n.languages import SHIPPED
from quizfunnel.i18n.words import Words

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
ARABIC = "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"


def write(folder: Path, language: str, *messages: str, plurals: str = "nplurals=2; plural=(n != 1);") -> Path:
    """Write a catalogue of messages into a folder; return its file."""
    path = catalogs.file_of(folder, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEAD + f'"Plural-Forms: {plurals}\\n"\n', *messages]), "utf-8")
    return path


def words(language: str, *folders: Path) -> Words:
    """Return the words of a language from folders alone."""
    return Words(language, catalogs.translations(language, folders))


def test_the_first_folder_wins_and_the_rest_is_filled(tmp_path: Path) -> None:
    """A store's message is used before the shipped one, which is used before English."""
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    write(own, "de", 'msgid "Next"\nmsgstr "Weiter geht es"\n')
    write(shipped, "de", 'msgid "Next"\nmsgstr "Weiter"\n', 'msgid "Back"\nmsgstr "Zurück"\n')
    say = words("de", own, shipped)
    assert (say("Next"), say("Back"), say("Start")) == ("Weiter geht es", "Zurück", "Start")


def test_a_form_of_a_language_falls_back_to_it(tmp_path: Path) -> None:
    """`de-AT` has its own words first, then German ones; English has none but what a store changes."""
    write(tmp_path, "de", 'msgid "Next"\nmsgstr "Weiter"\n', 'msgid "Basket"\nmsgstr "Warenkorb"\n')
    write(tmp_path, "de-AT", 'msgid "Basket"\nmsgstr "Einkaufssackerl"\n')
    say = words("de-AT", tmp_path)
    assert (say("Next"), say("Basket")) == ("Weiter", "Einkaufssackerl")
    assert words("en", tmp_path)("Next") == "Next"


def test_every_form_of_a_plural_is_chosen(tmp_path: Path) -> None:
    """Arabic has six forms; the number stands at its place as the language writes it."""
    forms = "".join(f'msgstr[{form}] "{form}: %(num)s"\n' for form in range(6))
    write(tmp_path, "ar", f'msgid "%(num)s question"\nmsgid_plural "%(num)s questions"\n{forms}', plurals=ARABIC)
    say = words("ar", tmp_path)
    told = [say.ngettext("%(num)s question", "%(num)s questions", n) for n in (0, 1, 2, 3, 11, 100)]
    assert told == ["0: 0", "1: 1", "2: 2", "3: 3", "4: 11", "5: 100"]


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ('msgid "Up to %(most)s"\nmsgstr "Bis zu"\n', "other places than %(most)s"),
        ('msgid "Up to %(most)s"\nmsgstr "Bis zu %(meist)s"\n', "other places than %(most)s"),
        ('msgid "All"\nmsgstr "Alle %(x)s"\n', "other places than none"),
        ('msgid "All of it"\nmsgstr "100 %"\n', "write %% for a percent sign"),
        ('msgid "Up to %(most)s"\nmsgstr "Bis %(most)d"\n', "write %% for a percent sign"),
        ('msgid "%(num)s a"\nmsgid_plural "%(num)s as"\nmsgstr[0] "ein a"\nmsgstr[1] ""\n', "all 2 plural forms"),
    ],
)
def test_what_is_mistyped_is_said_and_not_used(tmp_path: Path, message: str, fault: str) -> None:
    """The finding has the message's line, the shopper has English, and the other messages of the file are used."""
    path = write(tmp_path, "de", 'msgid "Next"\nmsgstr "Weiter"\n', message)
    (found,) = catalogs.read(path, "de").faults
    assert fault in found.say
    assert path.read_text("utf-8").splitlines()[found.line - 1].startswith("msgid")
    say = words("de", tmp_path)
    assert say("Next") == "Weiter"
    values = {"most": 3} if "most" in message else {}
    spoken = say.ngettext("%(num)s a", "%(num)s as", 2) if "plural" in message else say(message.split('"')[1], **values)
    assert "%(" not in spoken
    assert spoken == (message.split('"')[1] % values if "plural" not in message else "2 as")


def test_a_plural_may_say_its_number_in_words(tmp_path: Path) -> None:
    """A form may leave the number's place out, and nothing else."""
    message = 'msgid "%(num)s a"\nmsgid_plural "%(num)s as"\nmsgstr[0] "ein a"\nmsgstr[1] "%(num)s as"\n'
    assert catalogs.read(write(tmp_path, "de", message), "de").faults == ()
    assert words("de", tmp_path).ngettext("%(num)s a", "%(num)s as", 1) == "ein a"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"no catalogue", "from here on"),
        (HEAD.encode() + b'"Plural-Forms: nplurals=x; plural=import;\\n"\n', ""),
    ],
)
def test_a_file_that_is_no_catalogue_says_so(tmp_path: Path, body: bytes, fault: str) -> None:
    """Nothing of it is used, and pages have the words of the next folder."""
    path = catalogs.file_of(tmp_path, "de")
    path.parent.mkdir(parents=True)
    path.write_bytes(body)
    faults = catalogs.read(path, "de").faults
    assert fault in "".join(found.say for found in faults)
    assert words("de", tmp_path)("Next") == "Next"


def test_a_store_brings_a_language(tmp_path: Path) -> None:
    """Known are the shipped ones, their forms, and those that a folder has a catalogue of."""
    assert catalogs.is_known("de-CH", ())
    assert not catalogs.is_known("pt-BR", (tmp_path,))
    write(tmp_path, "pt-BR", 'msgid "Next"\nmsgstr "Avançar"\n')
    assert catalogs.is_known("pt-BR", (tmp_path,))
    assert not catalogs.is_known("pt", (tmp_path,))
    assert catalogs.languages_in((tmp_path,)) == (*SHIPPED, "pt-BR")
    assert words("pt-BR", tmp_path)("Next") == "Avançar"
