"""Laws of quizzes in settings: a name that no quiz has is told with the one that is perhaps meant."""

import pytest

from quizfunnel.experiment import planning
from quizfunnel.experiment.quiz_names import meant
from quizfunnel.settings import Comparison, InvitationSettings, Settings, Shop
from tests.cast import coffee_quiz

QUIZZES = {"coffee": coffee_quiz(was=["coffee-finder", "tea"]), "tea": coffee_quiz()}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("cofee", "perhaps `coffee` is meant"),
        ("mugs", "there is: `coffee`, `tea`"),
    ],
)
def test_a_wrong_name_is_told_with_what_to_write(name: str, says: str) -> None:
    """After another name, a slip of the hand, and where nothing is near; in invitations and comparisons alike."""
    assert meant(name, QUIZZES) == says
    shop = Shop(origins=("https://shop.example",), consent_adapter="call")
    invited = Settings(shop=shop, invitations={"/x": InvitationSettings(quiz=name)})
    compared = Settings(comparisons={"a": Comparison(quizzes=("tea", name))})
    for settings in (invited, compared):
        (line,) = planning.warnings(settings, QUIZZES)
        assert says in line


def test_a_renamed_quiz_is_told_with_its_name_of_now() -> None:
    """Its pages go on inviting; a comparison of the old name stops."""
    shop = Shop(origins=("https://shop.example",), consent_adapter="call")
    invited = Settings(shop=shop, invitations={"/x": InvitationSettings(quiz="coffee-finder")})
    (line,) = planning.warnings(invited, QUIZZES)
    assert line == (
        'invitations: /x: `coffee-finder` is called `coffee` now, and the page invites to that: write "coffee"'
    )
    (line,) = planning.warnings(Settings(comparisons={"a": Comparison(quizzes=("tea", "coffee-finder"))}), QUIZZES)
    assert 'nobody is drawn; it is called `coffee` now: write "coffee"' in line


def test_an_empty_store_is_told_which_file_to_put_there() -> None:
    """There is nothing to name."""
    assert meant("coffee", {}) == "put quizzes/coffee.yaml there"
