"""An offer in the words and shapes of its page; pure."""

from collections.abc import Callable, Iterable, Sequence

from quizfunnel.catalog.product import Product
from quizfunnel.offer import reasons
from quizfunnel.offer.allowed import products_of
from quizfunnel.offer.pages import Card, Chip, Near
from quizfunnel.offer.products import NearMiss, ShownProduct
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import Answers, AnswerValue, Question, Quiz

MOST_PROPERTIES = 3


def cards(items: Iterable[ShownProduct], way: Callable[[ShownProduct], str]) -> tuple[Card, ...]:
    """Return a card for every product, its link made by `way`."""
    return tuple(
        Card(
            title=item.product.title,
            image=item.product.image,
            price=item.product.price,
            currency=item.product.currency,
            url=way(item),
            reasons=tuple(item.reasons),
        )
        for item in items
    )


def shared_cards(live: LiveQuiz, items: Iterable[ShownProduct], way: Callable[[ShownProduct], str]) -> tuple[Card, ...]:
    """Return a card for every product of a shared result: its properties stand in place of the reasons.

    Reasons repeat answers, and whoever has the link is not who gave them.
    """
    return cards((item._replace(reasons=properties(live.quiz, item.product)) for item in items), way)


def properties(quiz: Quiz, product: Product) -> list[str]:
    """Return a few properties of a product that the quiz asks about, the same whatever was answered.

    Those that some answer insists on come first: they tell more of a product than what some like.
    """
    named = [each for question in quiz.questions for each in question.properties(product, language=quiz.language)]
    named.sort(key=lambda each: not each.hard)
    return list(dict.fromkeys(each.words for each in named))[:MOST_PROPERTIES]


def chips(quiz: Quiz, answers: Answers, way: Callable[[str], str]) -> tuple[Chip, ...]:
    """Return every answer in words, with the link that changes it."""
    return tuple(
        Chip(in_words(question, answers[question.id], quiz.language), way(question.id))
        for question in quiz.questions
        if question.id in answers
    )


def in_words(question: Question, value: AnswerValue, language: str = "en") -> str:
    """Return one answer as the shopper gave it; of a sensitive one only that it was given."""
    if value is None:
        return f"{question.ask} Skipped"
    return f"{question.ask} Answered" if question.sensitive else question.in_words(value, language)


def near(live: LiveQuiz, misses: Sequence[NearMiss], way: Callable[[str], str]) -> tuple[Near, ...]:
    """Return the closest products with what each of them breaks."""
    return tuple(
        Near(
            Card(
                title=miss.product.title,
                image=miss.product.image,
                price=miss.product.price,
                currency=miss.product.currency,
                url=way(miss.product.id),
            ),
            tuple(reasons.broken_in_words(live.quiz, products_of(live.catalog), rule) for rule in miss.broken),
        )
        for miss in misses
    )


def relaxed_words(live: LiveQuiz, misses: Sequence[NearMiss]) -> str:
    """Return the answer that all of the closest products give up, in a word or two; empty where they differ."""
    given_up = {rule.names if rule.bound else rule.question for miss in misses for rule in miss.broken}
    if len(given_up) != 1:
        return ""
    name = given_up.pop()
    if name == "price":
        return "the budget"
    question = live.quiz.by_id.get(name)
    return f"“{question.ask}”" if question else f"the {name.replace('_', ' ')}"
