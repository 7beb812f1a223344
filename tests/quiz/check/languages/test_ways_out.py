"""Laws of ways out and of pressure in each shipped language: neutral labels pass, judging ones are told."""

import pytest

from quizfunnel.i18n.languages import SHIPPED
from quizfunnel.quiz.check.languages.pressing import pressing
from quizfunnel.quiz.check.languages.ways_out import is_listed, is_neutral

NEUTRAL = {
    "de": ("Alle Kaffees ohne Quiz ansehen", "Nein danke", "Zum Shop", "Vielleicht später"),
    "fr": ("Voir tous les cafés sans le quiz", "Non merci", "Aller à la boutique", "Voir l'ensemble des cafés"),
    "es": ("Ver todos los cafés sin el quiz", "No, gracias", "Ir a la tienda"),
    "it": ("Vedi tutti i caffè senza il quiz", "No, grazie", "Vai al negozio"),
    "nl": ("Bekijk alle koffies zonder quiz", "Nee, bedankt", "Naar de winkel"),
    "pl": ("Zobacz wszystkie kawy bez quizu", "Nie, dziękuję", "Przejdź do sklepu"),
    "ja": ("クイズなしですべてのコーヒーを見る", "いいえ、結構です", "ショップに進む"),
    "ar": ("عرض كل القهوة بدون الاختبار", "لا، شكرًا", "العودة إلى المتجر"),
}
SOLD = frozenset(("kaffees", "cafés", "ensemble", "caffè", "koffies", "kawy", "コーヒー", "القهوة"))
JUDGING = {
    "de": "Nein, ich mag keinen guten Kaffee",
    "fr": "Non, je n'aime pas le bon café",
    "es": "No, prefiero pagar más",
    "it": "No, preferisco pagare di più",
    "nl": "Nee, ik hou niet van goede koffie",
    "pl": "Nie, wolę zapłacić więcej",
    "ja": "いいえ、損をしてもいいです",
    "ar": "لا، لا أحب القهوة الجيدة",
}
PRESSING = {
    "de": "Nur noch 3 Stück auf Lager",
    "fr": "Plus que 3 en stock",
    "es": "Solo quedan 3 unidades",
    "it": "Solo 3 rimasti",
    "nl": "Nog maar 3 op voorraad",
    "pl": "Zostało tylko 3",
    "ja": "残り3点",
    "ar": "بقي 3 قطع",
}


@pytest.mark.parametrize(("language", "label"), [(each, label) for each in NEUTRAL for label in NEUTRAL[each]])
def test_neutral_labels_pass(language: str, label: str) -> None:
    """They say where they lead, in the words of ways out and of what is sold."""
    assert is_neutral(label, language, SOLD)
    assert pressing(label, language) is None


@pytest.mark.parametrize("language", JUDGING)
def test_judging_labels_do_not(language: str) -> None:
    """They are no list of neutral words, and are told as shaming where the phrase is known."""
    assert not is_neutral(JUDGING[language], language, SOLD)
    found = pressing(JUDGING[language], language)
    assert found is not None
    assert found.kind == "shaming"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Verwendet in der French Press"),
        ("de", "Ein Regal voller Kaffee"),
        ("fr", "Évite ce qui irrite; nous vous invitons"),
        ("es", "Bajo en sodio"),
        ("it", "Povero di sodio, in ogni episodio"),
    ],
)
def test_a_phrase_begins_with_a_word(language: str, text: str) -> None:
    """A word that merely ends like a pressing one, as "invite" does like "vite", presses nobody."""
    assert pressing(text, language) is None


@pytest.mark.parametrize("language", PRESSING)
def test_pressure_is_told_by_its_words(language: str) -> None:
    """A false scarcity in each language; the words are repeated, so that they are found in the file."""
    found = pressing(f"x {PRESSING[language]}", language)
    assert found is not None
    assert found.kind == "scarcity"
    assert found.words in PRESSING[language]


def test_every_shipped_language_is_listed() -> None:
    """English has longer lists of its own; of any other language nothing is known, and the check says so."""
    assert all(is_listed(language) for language in SHIPPED if language != "en")
    assert is_listed("de-AT")
    assert not is_listed("sv")
    assert pressing("Bara 3 kvar", "sv") is None
