"""Pressure and shaming in the languages that are shipped beside English: a small list of phrases for each; pure.

English has a longer one, which is measured (`quizfunnel.quiz.check.languages.pressure`).
These name what shops write most.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from quizfunnel.quiz.check.languages.pressure import KINDS, Pressure

_JOINED = ("ja", "ar")  # written without blanks, or with "and" and "the" joined to a word
_SHAMING, _URGENCY, _SCARCITY, _PROOF = "shaming", "urgency", "scarcity", "social proof"
_PHRASES: Mapping[str, Mapping[str, str]] = {
    "de": {
        _SHAMING: r"ich (?:hasse|mag kein\w*|verzichte|zahle lieber|will kein\w*|möchte kein\w*)|verpass\w*|egal\b",
        _URGENCY: r"beeil\w*|letzte chance|nur (?:noch )?heute|jetzt oder nie|"
        r"läuft (?:bald )?ab|endet (?:bald|heute|in)|"
        r"noch \d+ (?:stunden?|minuten?|tage?)|schnell zugreifen",
        _SCARCITY: r"nur noch (?:\d+|wenige)\b|fast ausverkauft|solange der vorrat reicht|bald vergriffen",
        _PROOF: r"\d+ (?:personen|kunden|andere|menschen) (?:haben|sehen|kauf\w*)|schon \d+ mal gekauft",
    },
    "fr": {
        _SHAMING: r"je (?:déteste|n'aime pas|préfère payer|ne veux pas|renonce)|ratez|manquez|tant pis",
        _URGENCY: r"dépêchez|vite\b|dernière chance|aujourd'hui seulement|se termine (?:bientôt|dans|ce soir)|"
        r"plus que \d+ (?:heures?|minutes?|jours?)",
        _SCARCITY: r"plus que \d+\b|presque épuisé|stock limité|dernières pièces",
        _PROOF: r"\d+ (?:personnes|clients|autres) (?:ont|regardent|achètent)",
    },
    "es": {
        _SHAMING: r"(?:odio|no me gusta|prefiero pagar|no quiero)\b|te lo pierdes|pierdas",
        _URGENCY: r"date prisa|última oportunidad|solo hoy|termina (?:pronto|hoy|en)|"
        r"quedan \d+ (?:horas?|minutos?|días?)",
        _SCARCITY: r"(?:solo |sólo )?quedan (?:\d+|pocos|pocas)\b|casi agotado|"
        r"hasta agotar existencias|últimas unidades",
        _PROOF: r"\d+ (?:personas|clientes) (?:han|están|compraron)",
    },
    "it": {
        _SHAMING: r"(?:odio|non mi piace|preferisco pagare|non voglio)\b|perdere l'occasione|ti perdi",
        _URGENCY: r"affrettati|ultima occasione|solo (?:per )?oggi|scade (?:presto|oggi|"
        r"tra)|ancora \d+ (?:ore|minuti|giorni)",
        _SCARCITY: r"(?:solo|ne restano) \d+\b|quasi esaurito|fino a esaurimento|ultimi pezzi",
        _PROOF: r"\d+ (?:persone|clienti) (?:hanno|stanno)",
    },
    "nl": {
        _SHAMING: r"ik (?:haat|hou niet|wil geen|betaal liever)|mis het niet|loop je mis",
        _URGENCY: r"haast je|laatste kans|alleen vandaag|eindigt (?:binnenkort|vandaag|"
        r"over)|nog \d+ (?:uur|minuten|dagen)",
        _SCARCITY: r"nog maar \d+\b|bijna uitverkocht|zolang de voorraad strekt|laatste stuks",
        _PROOF: r"\d+ (?:mensen|klanten|anderen) (?:hebben|bekijken|kochten)",
    },
    "pl": {
        _SHAMING: r"nienawidzę|nie lubię|wolę zapłacić|nie chcę|przegapisz|stracisz",
        _URGENCY: r"pospiesz|ostatnia szansa|tylko dziś|kończy się (?:wkrótce|dziś|za)|"
        r"zostało \d+ (?:godzin\w*|minut\w*|dni)",
        _SCARCITY: r"zostało tylko \d+|zostały (?:tylko )?\d+|prawie wyprzedane|do wyczerpania zapasów|ostatnie sztuki",
        _PROOF: r"\d+ (?:osób|osoby|klientów) (?:kupiło|ogląda|wybrało)",
    },
    "ja": {
        _SHAMING: r"損をし|嫌いです|興味がない|あきらめ",
        _URGENCY: r"お急ぎ|最後のチャンス|本日限り|今だけ|まもなく終了|残り\s?\d+\s?(?:時間|分|日)",
        _SCARCITY: r"残り(?:わずか|\s?\d+\s?(?:点|個|本))|在庫わずか|売り切れ間近|なくなり次第",
        _PROOF: r"\d+\s?人が(?:見て|購入|選び)",
    },
    "ar": {
        _SHAMING: r"لا أحب|أكره|لا أريد|ستفوتك|تفوّت",
        _URGENCY: r"أسرع|سارع|الفرصة الأخيرة|اليوم فقط|ينتهي (?:قريبا|قريبًا|اليوم|خلال)|بقي \d+ (?:ساعات?|دقائق|أيام)",
        _SCARCITY: r"بقي (?:فقط )?\d+ قطع|كمية محدودة|أوشك على النفاد|حتى نفاد الكمية",
        _PROOF: r"\d+ (?:شخص|أشخاص|عميل|عملاء) (?:اشتروا|يشاهدون)",
    },
}


def pressing(text: str, language: str, kinds: Iterable[str] = KINDS) -> Pressure | None:
    """Return the first words of a text that press a shopper in one of some ways, None where none are known to."""
    known = _compiled(language.partition("-")[0])
    for kind in kinds:
        if (pattern := known.get(kind)) and (match := pattern.search(text.replace("\u2019", "'"))):
            return Pressure(match[0], kind)
    return None


@lru_cache(maxsize=16)
def _compiled(language: str) -> Mapping[str, re.Pattern[str]]:
    start = "" if language in _JOINED else r"\b"
    phrases = _PHRASES.get(language, {})
    return {kind: re.compile(f"{start}(?:{pattern})", re.IGNORECASE) for kind, pattern in phrases.items()}
