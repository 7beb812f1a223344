"""An offer in the words and shapes of its page; pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.i18n.words import Words
from quizfunnel.offer import reasons
from quizfunnel.offer.allowed import products_of
from quizfunnel.offer.facts.price import tag_of
from quizfunnel.offer.facts.stars import stars_of
from quizfunnel.offer.facts.variants import picker
from quizfunnel.offer.links.of_product import Links
from quizfunnel.offer.pages import Card, Chip, Near, SectionView
from quizfunnel.offer.products import CurrentOffer, NearMiss, ShownProduct
from quizfunnel.quiz.kinds.words import attribute_name
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import Answers, AnswerValue, Question, Quiz
from quizfunnel.quiz.texts.mentions import filled

MOST_PROPERTIES = 3


ProductCard = Callable[[Product], Card]


class Offered(NamedTuple):
    """Products as the offer's page shows them: what is true of all is said once, and cards say what sets each apart."""

    shared: tuple[str, ...] = ()
    shared_misses: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    more: tuple[Card, ...] = ()
    near: tuple[Near, ...] = ()


class Closest(NamedTuple):
    """The closest products where none fits, and how they are headed."""

    offered: Offered
    heading: str


_NONE = Closest(Offered(), "")


def offered(live: LiveQuiz, answers: Answers, current: CurrentOffer, plain: ProductCard) -> Offered:
    """Return the products of an offer that are before the shopper; `plain` makes a product's card."""
    items = current.shown
    shared, reasons_of = _told_once([item.reasons for item in items])
    shared_misses, misses_of = _told_once([reasons.misses(live.quiz, item.product, answers) for item in items])
    facts_of = _apart(live.quiz, items, reasons_of)
    cards = tuple(
        plain(item.product)._replace(
            # A product that stands alone is set apart from none: all that is true of it is on its card.
            reasons=own[: reasons.MOST_SOFT] if len(items) > 1 else own,
            misses=misses,
            facts=_unsaid(facts, misses),
        )
        for item, own, misses, facts in zip(items, reasons_of, misses_of, facts_of, strict=True)
    )
    first = len(current.first)
    return Offered(shared, shared_misses, cards[:first], cards[first:])


def by_section(
    live: LiveQuiz, current: CurrentOffer, shown: Offered, closest: Mapping[str, Closest]
) -> tuple[SectionView, ...]:
    """Return the sections of an offer with their cards, and of one that nothing fits with what comes closest to it."""
    more = current.more if current.rejected else ()
    return tuple(
        view._replace(
            more=tuple(card for item, card in zip(more, shown.more, strict=True) if item.section == view.id),
            near=closest.get(view.id, _NONE).offered.near,
            relaxed=closest.get(view.id, _NONE).heading,
            shared_misses=closest.get(view.id, _NONE).offered.shared_misses,
        )
        for view in with_cards(live.quiz, current.first, shown.cards)
    )


def with_cards(quiz: Quiz, items: Sequence[ShownProduct], cards: Sequence[Card]) -> tuple[SectionView, ...]:
    """Return the sections of a quiz's offer, each with the cards of its products."""
    return tuple(
        SectionView(
            id=section.id,
            title=section.title,
            promised=section.show,
            cards=tuple(card for item, card in zip(items, cards, strict=True) if item.section == section.id),
        )
        for section in quiz.offer.sections
    )


def closest(live: LiveQuiz, answers: Answers, misses: Sequence[NearMiss], plain: ProductCard) -> Closest:
    """Return the closest products under the heading that says what all of them give up."""
    return Closest(near(live, answers, misses, plain), relaxed_words(live, answers, misses))


def near(live: LiveQuiz, answers: Answers, misses: Sequence[NearMiss], plain: ProductCard) -> Offered:
    """Return the closest products, where none fits: what all of them break, and what each of them does."""
    products = products_of(live.catalog)
    shared, breaks_of = _told_once(
        [
            [filled(reasons.broken_in_words(live.quiz, products, rule), live.quiz, answers) for rule in miss.broken]
            for miss in misses
        ]
    )
    nearest = tuple(Near(plain(miss.product), own) for miss, own in zip(misses, breaks_of, strict=True))
    return Offered(shared_misses=shared, near=nearest)


def shared_cards(live: LiveQuiz, items: Iterable[ShownProduct], plain: ProductCard) -> tuple[Card, ...]:
    """Return a card for every product of a shared result: its properties stand in place of the reasons.

    Reasons repeat answers, and whoever has the link is not who gave them. A card says the same whatever stands beside
    it, since that follows from the answers.
    """
    return tuple(plain(item.product)._replace(reasons=tuple(properties(live.quiz, item.product))) for item in items)


def properties(quiz: Quiz, product: Product) -> list[str]:
    """Return a few properties of a product that the quiz asks about, the same whatever was answered."""
    return _properties(quiz.questions, product, quiz.say)[:MOST_PROPERTIES]


def _properties(questions: Iterable[Question], product: Product, say: Words) -> list[str]:
    """Return the properties that some answer insists on, since they tell more of a product, and then what some like."""
    named = [each for question in questions for each in question.properties(product, say=say)]
    named.sort(key=lambda each: not each.hard)
    return list(dict.fromkeys(each.words for each in named))


def _apart(quiz: Quiz, items: Sequence[ShownProduct], reasons_of: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return what sets products apart whose reasons do not, each from those that stand in its section."""
    facts_of: list[tuple[str, ...]] = [()] * len(items)
    for section in dict.fromkeys(item.section for item in items):
        places = [place for place, item in enumerate(items) if item.section == section]
        times = Counter(reasons_of[place] for place in places)
        for place, facts in zip(places, _facts(quiz, [items[place].product for place in places]), strict=True):
            own = reasons_of[place]
            if times[own] > 1 or (not own and len(places) > 1):
                facts_of[place] = facts
    return facts_of


def _facts(quiz: Quiz, products: Sequence[Product]) -> list[tuple[str, ...]]:
    """Return the few properties that each of some products has and none of the others; of sensitive questions none."""
    plain = [question for question in quiz.questions if not question.sensitive]
    named = [_properties(plain, product, quiz.say) for product in products]
    times = Counter(words for each in named for words in each)
    return [tuple(words for words in each if times[words] == 1)[:MOST_PROPERTIES] for each in named]


def _told_once(sentences: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the sentences that all of several products have, and those that each of them has besides."""
    one, *others = sentences or [()]
    shared = tuple(each for each in one if others and all(each in other for other in others))
    return shared, [tuple(each for each in own if each not in shared) for own in sentences]


def _unsaid(facts: Iterable[str], misses: Sequence[str]) -> tuple[str, ...]:
    """Return the facts that no miss names already: "a little milder than you asked: strength 3 of 5"."""
    return tuple(fact for fact in facts if not any(fact.lower() in miss.lower() for miss in misses))


def card(product: Product, links: Links, now: datetime, say: Words) -> Card:
    """Return a product's card as it is in any offer: without what sets it apart there."""
    tag = tag_of(product, now, say)
    return Card(
        title=product.title,
        image=product.image,
        price=tag.price,
        currency=tag.currency,
        url=links.page,
        unit_price=tag.unit_price,
        is_from=tag.is_from,
        was=tag.was,
        stars=stars_of(product, say),
        basket_url=links.basket,
        choose=links.choose,
        picker=picker(product, links.variants, now, say, adds=links.adds),
    )


def chips(quiz: Quiz, answers: Answers, way: Callable[[str], str]) -> tuple[Chip, ...]:
    """Return every answer in words, with the link that changes it."""
    return tuple(
        Chip(filled(in_words(question, answers[question.id], quiz.say), quiz, answers), way(question.id))
        for question in quiz.questions
        if question.id in answers
    )


def in_words(question: Question, value: AnswerValue, say: Words) -> str:
    """Return one answer as the shopper gave it; of a sensitive one only that it was given."""
    if value is None:
        return say("%(question)s Skipped", question=question.ask)
    return say("%(question)s Answered", question=question.ask) if question.sensitive else question.in_words(value, say)


def relaxed_words(live: LiveQuiz, answers: Answers, misses: Sequence[NearMiss]) -> str:
    """Return how the closest products are headed: by the answer that all of them give up, where it is one."""
    given_up = {rule.attribute if rule.bound else rule.question for miss in misses for rule in miss.broken}
    say = live.quiz.say
    if len(given_up) != 1:
        return say("Closest:")
    name = given_up.pop()
    if name == "price":
        return say("Closest if you relax the budget:")
    if question := live.quiz.by_id.get(name):
        return say("Closest if you relax “%(question)s”:", question=filled(question.ask, live.quiz, answers))
    return say("Closest if you relax the %(attribute)s:", attribute=attribute_name(name, say))
