"""The vocabulary of quiz files knows every key of the schema, and every text that shoppers read."""

from quizfunnel.quiz.check.wording import texts
from quizfunnel.quiz.file.load import load_text
from quizfunnel.quiz.file.vocabulary import TEXT_KEYS, WORDS
from tests.quiz.files import QUIZ


def test_every_text_that_shoppers_read_is_a_text_of_the_vocabulary() -> None:
    """A quotation mark is offered wherever the words of a text break the file."""
    quiz = load_text(QUIZ, "coffee.yaml").quiz
    labels = {place[-1] for question in quiz.questions for place, _ in question.none_labels()}
    assert {str(path[-1]) for path, _ in texts(quiz)} | labels <= TEXT_KEYS


def test_what_is_said_of_keys_is_said_of_keys_that_there_are() -> None:
    """A key that was renamed in the schema is renamed here."""
    named = {*WORDS.texts, *WORDS.addresses, *WORDS.lists, *WORDS.mappings, *filter(None, WORDS.mappings.values())}
    assert named <= WORDS.keys
