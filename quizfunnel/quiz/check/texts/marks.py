"""Check of the marks in texts: links lead to the store, and what is no mark of ours is not taken for one."""

import re
from collections.abc import Iterator

from quizfunnel.kit.addresses import is_on
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.check.texts.places import TextPlace, text_places
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.store_site import StoreSite
from quizfunnel.quiz.texts import markup

_ANYWHERE = r"\*\*|__|!\[|\]\(|~~|`|</?[a-z][^<>]*>"
_STAYING = re.compile(rf"^(?:#{{1,6}}|[-+*>]) |{_ANYWHERE}", re.MULTILINE | re.IGNORECASE)
_LONE_STAR = re.compile(r"\*(?=\w)|(?<=\w)\*")
_ESCAPED = re.compile(r"\\[*_]")
_TAKEN = "*emphasis*, **more of it**, [words](/pages/x) that link to the shop, and line breaks"


def check(loaded: LoadedQuiz) -> Iterator[Finding]:
    """Find links that lead nowhere, and marks that shoppers would read as they are written; the first of each text."""
    for place in text_places(loaded.quiz):
        takes = place.key in markup.KEYS
        if takes and (message := _wrong_link(place)):
            yield loaded.finding(place.path, message)
        elif staying := _STAYING.search(_words(place.text) if takes else place.text):
            message = f"{staying[0].strip()!r} is shown as it is written: {_instead(place)}"
            yield loaded.finding(place.path, message, error=False)
        elif takes and _LONE_STAR.search(_words(_ESCAPED.sub("", place.text))):
            message = "'*' is shown as it is written: write one on each side, *emphasis*, or \\* for a star"
            yield loaded.finding(place.path, message, error=False)


def check_hosts(loaded: LoadedQuiz, site: StoreSite) -> Iterator[Finding]:
    """Find links to other hosts than the store's: shoppers are shown their words alone."""
    for place in text_places(loaded.quiz):
        for address in markup.addresses(place.text) if place.key in markup.KEYS else ():
            if not site.address(address):
                known = ", ".join(sorted(site.hosts)) or "none, since shop_url is not set"
                message = (
                    f"{address} is on none of the shop's hosts ({known}), so that its words are no link; link to the "
                    "shop, or name the host in shop_hosts"
                )
                yield loaded.finding(place.path, message, error=False)


def _wrong_link(place: TextPlace) -> str:
    """Return what is wrong with a text's links, nothing where all of them can be followed."""
    for address in markup.addresses(place.text):
        if place.is_of_a_choice:
            return "a link in a choice would be pressed together with it; put it into the question's `help`"
        if "%7B" in address or "%7D" in address:
            return f"the address {address!r} can hold no answer; link to one page"
        if not is_on(address, (_host(address),)):
            return f"{address!r} is no address of the shop; write a path like /pages/guide, or https://..."
    return ""


def _host(address: str) -> str:
    """Return an address's own host, so that only its form is judged."""
    found = re.match(r"https?://([^/?#:]*)", address, re.IGNORECASE)
    return found[1] if found else ""


def _words(text: str) -> str:
    """Return the words of a text, line by line, without the marks that are read as such."""
    return "".join({"break": "\n", "text": piece.content}.get(piece.kind, "") for piece in markup.pieces(text))


def _instead(place: TextPlace) -> str:
    if place.key not in markup.KEYS:
        return f"`{place.key}` takes no Markdown; `help` and `why` do"
    return "a choice's `help` takes *emphasis* alone" if place.is_of_a_choice else f"`{place.key}` takes {_TAKEN}"
