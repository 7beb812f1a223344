"""Steps of a shop's setup: which are done, by what that is known, and what to do about the others; pure."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from quizfunnel.experiment.design import STORE
from quizfunnel.experiment.quiz_names import meant, renamed
from quizfunnel.insight.setup import manual
from quizfunnel.insight.setup.facts import FirstDrawn, SeenOrder, SetupFacts
from quizfunnel.insight.words.numbers import many
from quizfunnel.orders.check.status import Checked, ConnectionState
from quizfunnel.orders.sources import SOURCES
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.settings import Settings
from quizfunnel.settings.names import source_secret, variable
from quizfunnel.shop import places

_PLATFORMS = {"shopify": "docs/shopify.md", "woocommerce": "docs/woocommerce.md"}


class SetupStep(NamedTuple):
    """One step: what it is about, whether it is done, by what that is known, what to do, and the page that says how."""

    title: str
    done: bool
    known: tuple[str, ...]
    to_do: tuple[str, ...]
    page: str

    @property
    def address(self) -> str:
        """Return where that page is read."""
        return manual.address(self.page)


class SetupState(NamedTuple):
    """State at `now` that steps are read from; `faulty` is how many files have faults, `orders` the orders' check."""

    settings: Settings
    live: Sequence[LiveQuiz]
    faulty: int
    facts: SetupFacts
    orders: Checked
    now: datetime


def steps(state: SetupState) -> tuple[SetupStep, ...]:
    """Return every step, in the order in which a shop is set up."""
    return tuple(make(state) for make in _STEPS)


def _step(title: str, *, known: Sequence[str], to_do: Sequence[str], page: str, done: bool | None = None) -> SetupStep:
    """Return a step that is done where nothing is left to do, or as it is said."""
    return SetupStep(title, not to_do if done is None else done, tuple(known), tuple(to_do), page)


def _catalogue(state: SetupState) -> SetupStep:
    known = [
        f"{each.quiz.catalog_ref.file}: {each.catalog.on_sale} of {len(each.catalog.products)} products can be bought"
        for each in state.live
    ]
    empty = [each.quiz.catalog_ref.file for each in state.live if not each.catalog.on_sale]
    to_do = [f"{file}: nothing can be bought; look at stock and status in the shop's export" for file in empty]
    if not state.live:
        to_do = ["Put the shop's export of products into quizzes/catalogs/, and name it in a quiz."]
    return _step("The catalogue is read", known=list(dict.fromkeys(known)), to_do=to_do, page="docs/catalogs.md")


def _quiz(state: SetupState) -> SetupStep:
    known = [f"{each.quiz.title}: /q/{each.slug}" for each in state.live]
    to_do = [] if state.live else ["Put a quiz into quizzes/; quizfunnel check says what is wrong with it."]
    if state.faulty:
        known = [*known, f"quizfunnel check finds faults in {many(state.faulty, 'file')}"]
    return _step("A quiz is live", known=known, to_do=to_do, page="docs/quiz.md")


def _shop(state: SetupState) -> SetupStep:
    shop, quizzes = state.settings.shop, {each.slug: each.quiz for each in state.live}
    known = [f"The snippet may stand on {origin}" for origin in shop.origins]
    to_do = []
    if not shop.origins:
        to_do.append('Write the shop\'s addresses under [shop] in quizfunnel.toml: origins = ["https://shop.example"].')
    for path, invitation in state.settings.invitations.items():
        if now := invitation.quiz if invitation.quiz in quizzes else renamed(quizzes).get(invitation.quiz):
            known.append(f"{path} invites to {now}")
        else:
            to_do.append(f"{path} invites to {invitation.quiz}, which is not live; {meant(invitation.quiz, quizzes)}.")
    if not state.settings.invitations:
        to_do.append('Say under [invitations] which pages invite to which quiz: "/coffee/*" = "coffee".')
    return _step("The shop and its invitations are named", known=known, to_do=to_do, page=_page(state))


def _snippet(state: SetupState) -> SetupStep:
    title, facts = "The snippet was seen on the shop", state.facts
    refused = _refused(state)
    if not facts.snippet_was_seen:
        say = (
            f'Put <script async src="{_address(state)}/qf.js"></script> on the shop\'s pages, before </head>, and open '
            "one of them; quizfunnel shop check says what keeps it away."
        )
        return _step(title, known=(), to_do=refused or [say], page=_page(state))
    known = [f"The last new visitor came in by {facts.landed[1]}, on {_day(facts.landed[0])}"] if facts.landed else []
    if facts.last_view:
        told = many(facts.told, "view")
        known.append(f"{told} of pages that invite, the last on {_date(facts.last_view)}")
    return _step(title, known=known, to_do=refused, page=_page(state), done=True)


def _refused(state: SetupState) -> list[str]:
    """Return what to do about pages of the shop's own at an address that is not listed."""
    listed = state.settings.shop.origins
    return [
        f"Pages of {origin} told of {many(each.views, 'view')}, the last on {_date(each.last)}, and were refused: it "
        f"is another origin than {' and '.join(listed)}. Write it beside them in origins under [shop]."
        for origin, each in state.facts.refused.items()
        if listed and origin not in listed
    ]


def _place(state: SetupState) -> SetupStep:
    title, counted, now = "The invitation has its place", state.facts.places, state.now
    known = [
        f"{pattern}: {many(each.found, 'view')} with a place for it, the last on {_date(each.last_found)}"
        for pattern, each in counted.items()
        if each.last_found is not None and pattern in state.settings.invitations
    ]
    reasons = places.lost(counted, state.settings, now=now)
    to_do = [
        f"{reason[0].upper()}{reason[1:]}; quizfunnel shop check ADDRESS looks at one." for reason in reasons.values()
    ]
    if not known and not to_do:
        to_do = ["Open a page of the shop that invites: until then it isn't known whether it has a place for it."]
    return _step(title, known=known, to_do=to_do, page="docs/shop.md")


def _consent(state: SetupState) -> SetupStep:
    title, page, facts = "Consent is heard", "docs/shop.md", state.facts
    if state.settings.consent == "off":
        return _step(title, known=['consent = "off": the shop has its own legal ground'], to_do=(), page=page)
    without = facts.without_consent
    known = [f"{many(without, 'view')} without consent; nothing else is kept of them"] if without else []
    if facts.agreed:
        return _step(title, known=[f"{many(facts.agreed, 'view')} with consent", *known], to_do=(), page=page)
    if state.settings.shop.hears_consent:
        say = "Open a page of the shop that invites, in a private window, and agree in its banner: nobody has yet."
    else:
        say = (
            "Say under [shop] by which banner the snippet hears of consent (consent_adapter), or let it ask itself "
            "(consent_banner = true): until then nobody is drawn."
        )
    return _step(title, known=known, to_do=[say], page=page)


def _order(state: SetupState) -> SetupStep:
    known, to_do = [], []
    for source in state.orders.sources:
        if source.state is not ConnectionState.NO_SECRET:
            known.append(f"{source.kind.name}: {source.state}")
        to_do += [f"{source.kind.name}: {line}" for line in source.to_do]
    if not any(source.state is not ConnectionState.NO_SECRET for source in state.orders.sources):
        names = ", ".join(variable(source_secret(kind.name)) for kind in SOURCES)
        to_do.append(f"Set the secret of the shop's web hooks, one of {names}.")
    last = state.facts.last_order
    if last:
        known.append(f"Last: {_named(last)}")
    elif not to_do:
        to_do.append("Place a test order in the shop.")
    done = last is not None and any(source.state is ConnectionState.CONNECTED for source in state.orders.sources)
    return _step("An order has come", known=known, to_do=to_do, page=_page(state, of_orders=True), done=done)


def _token(state: SetupState) -> SetupStep:
    title, found = "An order carries the visitor's token", state.facts.with_token
    if found:
        return _step(title, known=[_named(found)], to_do=(), page=_page(state))
    say = (
        "Open the shop in a private window, agree to the banner, put something into the basket and buy it as a test; "
        "the page says where the token can be seen in the basket before that."
    )
    return _step(title, known=(), to_do=[say], page=_page(state))


def _arms(state: SetupState) -> SetupStep:
    title, drawn = "A visitor was drawn in each arm", state.facts.drawn
    if not drawn:
        say = (
            "No experiment is set, so that everybody is invited and nothing can be told: write [holdout] into "
            "quizfunnel.toml, or experiment: into the quiz."
        )
        return _step(title, known=(), to_do=[say], page="docs/experiments.md")
    known = [_first(each) for each in drawn if len(each.missing) < len(each.first)]
    waiting = [each for each in drawn if each.missing]
    to_do = [
        f"{_experiment(each)}: nobody is {' or '.join(map(_arm, each.missing))} yet; it fills by itself as visitors "
        "open pages that invite."
        for each in waiting
    ]
    return _step(title, known=known, to_do=to_do, page="docs/experiments.md")


_STEPS: tuple[Callable[[SetupState], SetupStep], ...] = (
    *(_catalogue, _quiz, _shop, _snippet),
    *(_place, _consent, _token, _order, _arms),
)


def _first(each: FirstDrawn) -> str:
    firsts = [f"{_arm(arm)} since {_day(at)}" for arm, at in each.first.items() if at is not None]
    return f"{_experiment(each)}: {', '.join(firsts)}"


def _experiment(each: FirstDrawn) -> str:
    of = "" if each.design.quiz == STORE else f" of {each.design.quiz}"
    return f"{each.design.experiment}{of}"


def _arm(arm: str) -> str:
    words = {"holdout": "held out", "first": "in the first quiz", "second": "in the second quiz"}
    return words.get(arm, arm)


def _named(order: SeenOrder) -> str:
    test = ", a test" if order.test else ""
    return f"{order.number} of {order.source}, placed on {_day(order.placed_at)}{test}"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def _date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _address(state: SetupState) -> str:
    return next(iter(state.settings.public_urls), "https://quiz.shop.example")


def _page(state: SetupState, *, of_orders: bool = False) -> str:
    """Return the page of the shop's platform: by the settings, else by where its orders come from.

    Anybody can send something to a source that has no secret here, so that those which have one come first.
    """
    named = _PLATFORMS.get(state.settings.shop.platform)
    sources = sorted(state.orders.sources, key=lambda source: source.state is ConnectionState.NO_SECRET)
    pages = [source.kind.page for source in sources]
    return named or next(iter(pages), "docs/orders.md" if of_orders else "docs/any-shop.md")
