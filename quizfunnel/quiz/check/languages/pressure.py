"""Pressure in words: urgency, scarcity, social proof and shaming, recognised by how shops write them; pure.

It guesses, so that what it finds is a warning. A question to shoppers about themselves presses nobody: "Do you have
limited time?". How much it finds, and how little wrongly, is measured on texts of real shops.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

_NUMBER = r"\d[\d.,]*\w?\+?"
_UNIT = r"(?:days?|hours?|hrs?|minutes?|mins?|seconds?|secs?)"
_SOMEBODY = r"(?:people|persons?|others?|shoppers?|customers?|visitors?|users?|someone|\w+ people)"
_PLACE = r"(?-i:(?:in|from|near) [A-Z][^.?!:]{1,60}?)"
_ARE = "(?:are |is |have |has )?"
_DOES = (
    r"(?:bought|purchased|ordered|view\w*|look\w*|see\b|seeing|love\w*|like\b|watch\w*|checked|shopp\w*|buy\w*|added|chose"
    "|picked)"
)
_WANT = "(?:want|like|need|care|feel|mind|deserve)"
_BOUGHT = r"(?:purchased|bought|ordered)"
_URGENCY = rf"""
    (?:^|[.!,:-] ?)hurry\b
    \bhurry(?: up)?(?:!|,| while| before)
    last chance
    act (?:now|fast)
    order (?:soon|within)
    today only
    final (?:hours|days|call)
    (?:sale|offer|promo\w*) (?:extended|almost over|must end)
    almost over
    (?<!have )(?<!with )(?<!of )(?<!your )limited[ -]time\b
    limited offer
    must end (?:\w+day|soon|today|tonight)
    (?:ends?|expires?|ending|closes) (?:soon|today|tonight|tomorrow|in:? ?\d+\w*|midnight)
    (?:offer|sale|deal|discount)s? (?:ends|expires|ending)
    countdown
    time(?: is|'s)? running out
    before it.?s (?:gone|too late)
    don.?t wait\b
    while it lasts
    (?:reserved|held|priorit\w+) for:? \d[\d:]* ?{_UNIT}
    (?:within|in) \d+:\d\d\b(?! ?(?:am|pm|o.clock))
    \d+ ?{_UNIT} (?:left|remaining|only)\b
    \b\d{{1,2}}:\d{{2}}:\d{{2}}\b
    \d ?(?:days?|hours?|hrs?) ?:?,? ?\d[\d ]*(?:hours?|hrs?|min\w*) ?:?,? ?\d[\d ]*(?:min\w*|sec\w*)
    \d+ ?days? ?:? ?\d+ ?(?:hours?|hrs?)
    \d+ ?hours? \d+ ?minutes? \d+ ?sec
    \d+days?:?\d+
    days?:? ?(?:hours?|hrs?):? ?(?:minutes?|mins?)(?::? ?sec\w*)?\s*$
    days?:?\d+hours?:?\d+
    (?:one|\d+) (?:day|hour)s? only
    last (?:day|few hours|hours)\b(?! of)
    time left
    now or never
    don.?t delay
    act quickly
    in the next \d+ ?{_UNIT}
    (?:sale|offer|deal)s? (?:starts|on now|till|until)
    ends (?:on |at |in )?(?:\w+day|midnight|\d)
    \d+ ?d[ :]+\d+ ?h\b
    \d+ ?h[ :]+\d+ ?m\b
    \d{{1,2}} : \d{{2}} : \d{{2}}
    for a limited
    time is limited
    deal of the day
    00 ?hours ?: ?\d
    only (?:today|this week)\b(?=!|$)
    flash sale
"""
_SCARCITY = rf"""
    (?:only|just) (?:have |has )?(?:a )?(?:very )?(?:few|{_NUMBER}) (?:[\w()]+ ){{0,2}}(?:left|remain\w*|in stock)
    only a few more left
    few (?:stocks?|items?) left
    last (?:few )?(?:items?|pieces?|pairs?|ones?) (?:in stock|left)
    {_NUMBER}%? ?(?:items?|pieces?|units?|pairs?|pcs?)?(?:\(s\))? ?left\b(?!-| hand|\w)
    \d+ in stock
    low (?:in )?stock
    low on stock
    stock (?:is )?(?:low|limited)
    almost (?:gone|there|sold out)
    nearly (?:gone|sold out)
    limited (?:stock|quantit\w+|availability|supply|edition run)
    (?:selling|going) (?:out )?fast
    sell(?:s|ing)? out
    in (?:very )?(?:high )?demand
    high demand
    while (?:stocks?|supplies|quantities) last
    don.?t miss (?:out|this|it|your|the chance|on)
    come (?:this|so) far
"""
_SOCIAL_PROOF = rf"""
    {_NUMBER} (?:other )?{_SOMEBODY} (?:just |also |recently |currently )?{_ARE}(?:also |now |just )?{_DOES}
    {_SOMEBODY} (?:{_PLACE} )?(?:just |recently )?(?:{_BOUGHT}|viewed|added|saved)\b
    {_SOMEBODY} also (?:bought|like)
    {_SOMEBODY} (?:are |is )(?:also |currently |now )?(?:viewing|looking|buying|watching|eyeing|adding|active)
    {_NUMBER} \w+ (?:are |is )(?:buying|viewing|watching)
    {_NUMBER} (?:other )?{_SOMEBODY} have (?:already|this|it)
    in (?:other )?(?:people|others|users|shoppers|customers).{{0,2}} (?:bags?|carts?|baskets?)
    (?:have|has|added) [^.?!]{{1,60}} (?:in|to) their (?:shopping )?(?:bag|cart|basket)
    {_NUMBER} (?:already |recently |just )?(?:{_BOUGHT}|sold)\b
    (?:items|units) sold
    favou?red by:? \d
    last (?:{_BOUGHT}|order\w*|sold|purchase)\b[^.?!]* ago
    (?:{_BOUGHT}|viewed|sold|added) {_NUMBER} times
    {_NUMBER} (?:times|views?|viewers?|watchers?|orders|purchases|sales) (?:today|in the (?:last|past)|this|right now)
    join (?:over |more than )?{_NUMBER}\s
    {_NUMBER} (?:happy|satisfied|other) \w+
    trust(?:ed)? by (?:over |more than )?\d
    {_SOMEBODY} (?:are |is )(?:interested|shopping|on this)
    (?:viewing|looking at) this (?:now|right now|item|product|page)
    (?-i:[A-Z]\w+) {_PLACE},? (?:just |recently )?(?:joined|subscribed|signed up|reviewed|placed)\b
    recently (?:sold|{_BOUGHT})
    \d+% of (?:our |all )?{_SOMEBODY}
    (?-i:[A-Z]\w+) [^.?!]{{0,40}}{_PLACE},? (?:just |recently |has )?(?:{_BOUGHT}|saved|added)\b
    ^(?-i:[A-Z]\w+(?: [A-Z]\w*\.?)?) (?:just )?(?:{_BOUGHT}|saved)\b
    \b{_BOUGHT}\b[^.?!]* (?:ago|just now)\b
    (?-i:[A-Z]\w*\.?) (?:From |In )[^.?!]{{1,40}} (?:just )?{_BOUGHT}
    \w+ {_PLACE},? (?:just |recently )?{_BOUGHT}\b
    , (?-i:(?:United States|US|USA|United Kingdom|UK|Canada))\s*$
"""
_SHAMING = rf"""
    (?:no|nah|nope)\b,?(?: thanks?(?: you)?)?[ ,.!\u2013-]*i\b(?! (?:already )?(?:own|have)\b)(?=\W?\w)
    i(?:\W?(?:ll|d)| will| would)? (?:(?:just|rather|prefer|like|love|want)(?: to)? )*pay(?:ing)? (?:full|more)
    i don\W?t {_WANT} (?:to |about )?(?:sav\w+|\d+%|a? ?discount\w*|deals?|lucky|money|good|winning|being)
    i don\W?t {_WANT} (?:to |about )?(?:missing out|my (?:health|skin|hair|teeth|money))
    want to pay more
    rather (?:pay|do it the hard way|stay|miss)
    i hate (?:cool|good|great|sav\w+|money|fun)
"""
_WAYS = {"urgency": _URGENCY, "scarcity": _SCARCITY, "social proof": _SOCIAL_PROOF, "shaming": _SHAMING}
_KINDS = {
    kind: re.compile(rf"(?<!\w)(?:{'|'.join(line.strip() for line in ways.strip().splitlines())})", re.IGNORECASE)
    for kind, ways in _WAYS.items()
}
KINDS = tuple(_KINDS)
_SENTENCE = re.compile(r"[^.?!]+[.?!]*")
_ASKING = re.compile(
    r"\s*(?:and |or |so,? )?(?:do|does|did|are|is|am|was|were|have|has|had|would|will|can|could|should|may|how|what|"
    r"when|which|who|whom|whose|where|why|in what|for (?:how|whom|what))\b[^?]*\?+\s*\Z",
    re.IGNORECASE,
)


class Pressure(NamedTuple):
    """Words that press, and the kind of pressure that they are."""

    words: str
    kind: str


def pressure(text: str, kinds: Iterable[str] = KINDS) -> Pressure | None:
    """Return the first words of a text that press a shopper in one of some ways, None where none are known to."""
    plain = "".join(sentence for sentence in _SENTENCE.findall(text) if not _ASKING.match(sentence))
    for kind in kinds:
        if match := _KINDS[kind].search(plain):
            return Pressure(match[0].strip(" .,:!-"), kind)
    return None
