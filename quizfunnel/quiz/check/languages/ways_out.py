"""Neutral ways out in the languages that are shipped beside English: a small list of words for each; pure.

A label is neutral where it has nothing but these words and those for what is sold. It guesses, and only warns: a list
of shaming words would let the next invention through, and a judging label needs words that are not here.
"""

import re
from collections.abc import Mapping

_SPACED: Mapping[str, str] = {
    "de": (
        "alle alles ganze ganzen gesamte gesamtes gesamten unsere unser das die den der dem zum zur zu im in und "
        "produkte produkt artikel sortiment angebot shop laden auswahl katalog übersicht startseite "
        "ansehen anschauen anzeigen zeigen sehen stöbern durchstöbern entdecken gehen weiter zurück direkt lieber "
        "ohne quiz test fragen nein danke nicht jetzt heute später vielleicht überspringen schließen einkaufen"
    ),
    "fr": (
        "tous toutes tout toute les le la l nos notre des du de d au aux à et vers dans en "
        "produits produit articles boutique magasin catalogue gamme sélection collection accueil "
        "voir afficher parcourir découvrir explorer aller accéder retour retourner continuer revenir passer ignorer "
        "sans quiz questionnaire test questions non merci pas maintenant "
        "aujourd'hui plus tard peut-être fermer achats mes"
    ),
    "es": (
        "todos todas todo toda los las el la lo nuestros nuestra de del al a y en "
        "productos producto artículos tienda catálogo gama selección colección inicio "
        "ver mostrar explorar descubrir ir volver continuar seguir saltar omitir comprando "
        "sin quiz cuestionario test preguntas no gracias ahora hoy más tarde luego quizá quizás cerrar"
    ),
    "it": (
        "tutti tutte tutto tutta i gli le il lo la l nostri nostre di dei delle del della al alla ai e in nel "
        "prodotti prodotto articoli negozio catalogo gamma selezione collezione home "
        "vedi vedere mostra mostrare guarda esplora sfoglia scopri vai torna continua prosegui salta acquisti gli "
        "senza quiz test questionario domande no grazie non ora adesso oggi più tardi forse chiudi"
    ),
    "nl": (
        "alle alles hele onze ons het de naar in en van "
        "producten product artikelen winkel shop assortiment aanbod catalogus overzicht selectie collectie "
        "bekijk bekijken toon tonen zien ontdek ontdekken ga terug verder doorgaan overslaan winkelen sla over "
        "zonder quiz test vragen nee bedankt dank je niet nu vandaag later misschien sluiten"
    ),
    "pl": (
        "wszystkie wszystko cały całą nasze nasz do w i na z "
        "produkty produkt artykuły sklep sklepu asortyment oferta ofertę katalog kolekcja kolekcję wybór "
        "zobacz pokaż obejrzyj przeglądaj odkryj idź przejdź wróć kontynuuj dalej pomiń zakupy "
        "bez quizu testu pytań ankiety nie dziękuję teraz dziś później może zamknij"
    ),
    "ar": (
        "كل جميع المنتجات منتجات المتجر متجر المجموعة التشكيلة القائمة الكتالوج "
        "عرض شاهد تصفح اذهب انتقل العودة متابعة تخطي التسوق إلى في من و "
        "بدون دون اختبار الاختبار الأسئلة أسئلة لا شكرا شكرًا ليس الآن اليوم لاحقا لاحقًا ربما إغلاق"
    ),
}
_UNSPACED: Mapping[str, str] = {
    "ja": (
        "すべての すべて 全ての 全て 全商品 商品 製品 一覧 ショップ お店 ストア カタログ ラインナップ トップ "
        "見る 表示する 表示 探す 進む 移動する 戻る 続ける 買い物 スキップする スキップ 閉じる "
        "クイズ 診断 質問 なしで せずに を使わずに しないで いいえ 結構です 今は "
        "しない 今日は また 後で あとで ありがとう "
        "を は に へ の で と も から まで 、 。"
    ),
}
_VOWELS = re.compile("[\u064b-\u0652]")
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


def is_listed(language: str) -> bool:
    """Tell whether the words of a language's ways out are known here."""
    base = language.partition("-")[0]
    return base in _SPACED or base in _UNSPACED


def is_neutral(label: str, language: str, sold: frozenset[str]) -> bool:
    """Tell whether a label has nothing but words of ways out, and those for what is sold."""
    base = language.partition("-")[0]
    if base in _UNSPACED:
        return not _rest(label, sorted({*_UNSPACED[base].split(), *sold}, key=len, reverse=True))
    words = _WORD.findall(_plain(label.lower()))
    known = {*map(_plain, _SPACED[base].split()), *map(_plain, sold)}
    return all(word in known or _without_elision(word) in known for word in words)


def _plain(text: str) -> str:
    """Return a text without the vowel marks of Arabic, which are no letters, and with one apostrophe."""
    return _VOWELS.sub("", text).replace("\u2019", "'")


def _without_elision(word: str) -> str:
    """Return a word without the article that French and Italian join to it: ``l'ensemble``."""
    return word.rpartition("'")[2] if word.partition("'")[0] in ("l", "d", "all", "dell", "un", "qu") else word


def _rest(label: str, known: list[str]) -> str:
    """Return what is left of a label once its known words are taken out, the longest first."""
    for word in known:
        label = label.replace(word, " ")
    return label.strip(" !?,.")
