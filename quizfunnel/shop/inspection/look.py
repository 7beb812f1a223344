"""Look at a shop's page: it, the snippet's own address and both networks, through the client for outbound calls."""

from collections.abc import Mapping

from quizfunnel.experiment.quiz_names import renamed
from quizfunnel.outbound import OutboundClient, OutboundError, Reply
from quizfunnel.quiz.check import run
from quizfunnel.quiz.file.language import language_of
from quizfunnel.quiz.spec import Quiz
from quizfunnel.settings import Settings
from quizfunnel.shop.inspection.html_page import read_html
from quizfunnel.shop.inspection.identity import Networks
from quizfunnel.shop.inspection.judge import FetchedPage, StoreFacts, inspect
from quizfunnel.shop.inspection.policy import policies
from quizfunnel.shop.inspection.sight import Inspection, Sight
from quizfunnel.shop.inspection.snippet_tag import FILE, address_for

_OK = 200
_AS_A_PERSON = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1", "Accept-Language": "en"}


def look_at(url: str, settings: Settings, client: OutboundClient) -> Inspection:
    """Return what stands on a page; OutboundError where it cannot be fetched."""
    reply = client.get(url, _AS_A_PERSON)
    if refused := _no_page(reply):
        return Inspection(reply.url, (refused,))
    html = read_html(reply.body.decode("utf-8", "replace"))
    page = FetchedPage(reply.url, html, policies(reply.all_of("content-security-policy"), html.policies))
    quizzes, address = _quizzes(settings), address_for(html, reply.url, settings.public_urls)
    facts = StoreFacts(
        settings,
        address,
        tuple(quizzes),
        [slug for slug, quiz in quizzes.items() if settings.holdout or quiz.experiment],
        _windows(settings, quizzes),
        _networks(url, address, client),
        _script_fault(address, client),
        renamed(quizzes),
    )
    return inspect(page, facts)


def _no_page(reply: Reply) -> Sight | None:
    """Return why an answer is no page to look at."""
    if reply.leads_to:
        return Sight("page", "wrong", f"leads on to {reply.leads_to}; look at that address")
    if reply.status != _OK:
        closed = "; a shop that lets in only browsers, or asks for a password, cannot be looked at from here"
        return Sight(
            "page", "wrong", f"answered {reply.status}{closed if reply.status in (401, 403, 429, 503) else ''}"
        )
    if "html" not in reply.header("content-type").lower():
        return Sight("page", "wrong", "is no HTML")
    return None


def _quizzes(settings: Settings) -> dict[str, Quiz]:
    """Return the quizzes whose files can be read."""
    files = (path for path in sorted((settings.store / "quizzes").glob("*.yaml")) if not language_of(path))
    opened = {path.stem: run.open_file(path).loaded for path in files}
    return {slug: loaded.quiz for slug, loaded in opened.items() if loaded}


def _windows(settings: Settings, quizzes: Mapping[str, Quiz]) -> dict[str, int]:
    """Return the window of each experiment by its name; the store's holdout takes the place of the quizzes' own."""
    days = {name: each.window_days for name, each in settings.comparisons.items()}
    if settings.holdout:
        return days | {settings.holdout.name: settings.holdout.window_days}
    return days | {quiz.experiment.name: quiz.experiment.window_days for quiz in quizzes.values() if quiz.experiment}


def _networks(url: str, ours: str, client: OutboundClient) -> Networks | None:
    try:
        return Networks(client.addresses(url), client.addresses(ours))
    except OutboundError:
        return None


def _script_fault(ours: str, client: OutboundClient) -> str:
    """Return why the snippet cannot be fetched, "" where it can."""
    address = f"{ours}{FILE}"
    try:
        reply = client.get(address)
    except OutboundError as error:
        return str(error)
    if reply.status == _OK and "javascript" in reply.header("content-type"):
        return ""
    return f"{address}: answered {reply.status} and no script"
