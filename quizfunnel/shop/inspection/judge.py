"""Judgement of a shop's page: what was fetched, held against the settings and against what browsers do; pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

from quizfunnel.experiment.arms import invitation_for
from quizfunnel.settings import Settings
from quizfunnel.settings.addresses import is_loopback
from quizfunnel.settings.pages_of_shop import path_as_written
from quizfunnel.shop.inspection import identity
from quizfunnel.shop.inspection.html_page import Element, HtmlPage
from quizfunnel.shop.inspection.identity import Networks
from quizfunnel.shop.inspection.policy import Load, blocked
from quizfunnel.shop.inspection.sight import Inspection, Sight
from quizfunnel.shop.inspection.snippet_tag import FILE, look_at_tag, tag_of

EMBEDDED = "data-qf-quiz"
PLACE = "data-qf"
_KINDS = {"script-src": "the snippet", "connect-src": "its calls", "frame-src": "the quiz's frame"}


class FetchedPage(NamedTuple):
    """A shop's page as it was sent; `policies` are those of its headers and of itself."""

    url: str
    html: HtmlPage
    policies: tuple[str, ...] = ()


class StoreFacts(NamedTuple):
    """The store's side: its settings, that of its addresses which the page is to use, and its quizzes.

    `quizzes` are those of their names of now; `renamed` has the name of now by each from before.
    `held_out` are those that some visitors are not invited to, `windows` the days in which an order counts, by the name
    of the experiment. `networks` are None where nothing could be looked up, and `script_fault` says why the snippet
    could not be fetched.
    """

    settings: Settings
    address: str
    quizzes: Sequence[str]
    held_out: Collection[str]
    windows: Mapping[str, int]
    networks: Networks | None = None
    script_fault: str = ""
    renamed: Mapping[str, str] = MappingProxyType({})


def inspect(page: FetchedPage, store: StoreFacts) -> Inspection:
    """Return everything that is to be said of a page."""
    public = store.address
    sights = (
        *_schemes(page, public),
        *_origin(page, store.settings),
        *look_at_tag(page.html, page.url, public),
        *_script(store),
        *_policies(page, public),
        *_consent(store.settings),
        *_invitation(page, store),
        *_embedded(page, store),
        *identity.look_at_identity(page.url, public, store.networks, store.windows),
    )
    needed = tuple(f"{kind} {public}" for kind in ("script-src", "connect-src", "frame-src"))
    return Inspection(page.url, tuple(map(_printable, sights)), needed)


def _printable(sight: Sight) -> Sight:
    """Return a sight with nothing in it that a terminal would obey: some of its words are the page's own."""
    return sight._replace(says="".join(letter for letter in sight.says if letter.isprintable()))


def _schemes(page: FetchedPage, public: str) -> Iterator[Sight]:
    parts = urlsplit(page.url)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        yield Sight(
            "https", "wrong", "the page is plain http, where browsers keep no cookie of ours; serve it by https"
        )
    elif parts.scheme == "https" and not public.startswith("https://"):
        yield Sight("https", "wrong", f"the page is https and {public} is not: browsers load nothing from it")
    else:
        yield Sight("https", "ok", f"the page is {parts.scheme}")


def _origin(page: FetchedPage, settings: Settings) -> Iterator[Sight]:
    origin, listed = origin_of(page.url), settings.shop.origins
    if origin in listed:
        yield Sight("origin", "ok", f"{origin} is one of the shop's")
    else:
        wanted = ", ".join(f'"{each}"' for each in (*listed, origin))
        yield Sight("origin", "wrong", f"{origin} is not one of the shop's; write origins = [{wanted}] under [shop]")


def _script(store: StoreFacts) -> Iterator[Sight]:
    if store.script_fault:
        yield Sight("server", "note", f"the snippet could not be fetched from here: {store.script_fault}")
    else:
        yield Sight("server", "ok", "the snippet can be fetched")


def _policies(page: FetchedPage, public: str) -> Iterator[Sight]:
    if not page.policies:
        yield Sight("policy", "ok", "the page has no Content-Security-Policy, which would have to let the snippet in")
        return
    tag = tag_of(page.html, page.url, public)
    loads = [
        Load("script-src", f"{public}{FILE}", tag[0].attributes.get("nonce", "") if tag else ""),
        Load("script-src", f"{public}/qf-card.js", inserted=True),
        Load("connect-src", f"{public}/s"),
        *([Load("frame-src", f"{public}/")] if page.html.with_attribute(EMBEDDED) else []),
    ]
    every = [each for load in loads for each in blocked(page.policies, load, page.url)]
    stopped = {each.remedy: each for each in reversed(every)}  # what keeps the script out keeps its parts out too
    for each in reversed(stopped.values()):
        kind = "parts that the snippet loads" if each.load.inserted else _KINDS[each.load.kind]
        yield Sight(
            "policy",
            "wrong",
            f"the page's {each.by} keeps {kind} out; its Content-Security-Policy needs: {each.remedy}",
        )
    if not stopped:
        yield Sight("policy", "ok", "the page's Content-Security-Policy lets the snippet in")


def _consent(settings: Settings) -> Iterator[Sight]:
    if settings.consent == "ask" and not settings.shop.hears_consent:
        remedy = "write consent_adapter, or consent_banner = true, under [shop]"
        yield Sight("consent", "note", f"nobody is drawn, since the snippet hears of no consent; {remedy}")


def _invitation(page: FetchedPage, store: StoreFacts) -> Iterator[Sight]:
    settings = store.settings
    path = path_as_written(urlsplit(page.url).path) or "/"
    invitation = invitation_for(path, settings.invitations)
    if invitation is None:
        there = ", ".join(settings.invitations) or "none"
        yield Sight("invitation", "note", f"{path} invites to no quiz; pages that do, by [invitations]: {there}")
        return
    if invitation.quiz in store.renamed:
        now = store.renamed[invitation.quiz]
        says = (
            f'`{invitation.quiz}` is called `{now}` now, and {path} invites to that; write "{now}" under [invitations]'
        )
        yield Sight("invitation", "note", says)
    elif invitation.quiz not in store.quizzes:
        yield Sight("invitation", "wrong", f"{path} invites to `{invitation.quiz}`, {_gone(store)}")
        return
    named = (settings.shop.place, invitation.place, *(each.place for each in settings.invitations.values()))
    selectors = list(filter(None, dict.fromkeys(named)))  # the snippet takes any of them
    present = [page.html.has(selector) for selector in (f"[{PLACE}]", *selectors)]
    places = " or ".join((f"an element with {PLACE}", *selectors))
    if True in present:
        yield Sight("invitation", "ok", f"{path} invites to `{invitation.quiz}`, and has a place for it")
    elif None in present:
        yield Sight(
            "invitation", "note", f"{path} invites to `{invitation.quiz}`; only a browser can find its place: {places}"
        )
    else:
        yield Sight(
            "invitation",
            "wrong",
            f"{path} invites to `{invitation.quiz}` and has no place for it, so that nobody is invited; write "
            f'<div {PLACE} style="min-height: 8rem"></div> where it shall stand (looked for: {places})',
        )


def _embedded(page: FetchedPage, store: StoreFacts) -> Iterator[Sight]:
    for element in page.html.with_attribute(EMBEDDED):
        quiz = element.attributes[EMBEDDED]
        shown = quiz[:60]
        if quiz in store.quizzes or quiz in store.renamed:  # an address from before leads on
            yield Sight("embedded quiz", "ok", f"`{shown}` stands on the page")
            yield from _shown_to_all(element, store.renamed.get(quiz, quiz), store)
        else:
            yield Sight("embedded quiz", "wrong", f"`{shown}` is meant to stand on the page, {_gone(store)}")


def _gone(store: StoreFacts) -> str:
    return f"and there is no such quiz; there is: {', '.join(store.quizzes) or 'none'}"


def _shown_to_all(element: Element, quiz: str, store: StoreFacts) -> Iterator[Sight]:
    """Yield what a place does to an experiment when it shows the quiz to those who should see no invitation."""
    is_popup = element.tag in ("a", "button")
    if quiz in store.held_out and not is_popup and PLACE not in element.attributes:
        remedy = f"write {PLACE} beside {EMBEDDED}"
        yield Sight("embedded quiz", "note", f"`{quiz}` has a holdout, and this place shows it to everybody; {remedy}")


def origin_of(url: str) -> str:
    """Return the origin of an address as browsers send it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
