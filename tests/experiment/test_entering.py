"""Laws of entry by the settings: a warning where an experiment of a connected shop can draw nobody."""

from quizfunnel.experiment import planning
from quizfunnel.settings import Comparison, Holdout, InvitationSettings, Settings, Shop
from tests.cast import coffee_quiz

ORIGINS = ("https://shop.example",)
SHOP = Shop(origins=ORIGINS, consent_adapter="call")
QUIZ = {"coffee": coffee_quiz()}
PLAIN = {"coffee": coffee_quiz(experiment=None), "tea": coffee_quiz(experiment=None)}


def warned(quizzes: object = None, **changes: object) -> list[str]:
    """Return the warnings about consent."""
    settings = Settings(**({"shop": Shop(origins=ORIGINS)} | changes))  # type: ignore[arg-type]
    lines = planning.warnings(settings, QUIZ if quizzes is None else quizzes)  # type: ignore[arg-type]
    return [line for line in lines if line.startswith("consent: ")]


def test_whoever_can_draw_nobody_is_warned() -> None:
    """By a quiz's own experiment, a holdout or a comparison; with what to set."""
    (line,) = warned()
    assert "nobody is drawn" in line
    assert "consent_adapter" in line
    assert "consent_banner" in line
    assert warned(PLAIN, holdout=Holdout(name="all", share=0.1))
    assert warned(PLAIN, comparisons={"two": Comparison(quizzes=("coffee", "tea"), door=False)})


def test_nobody_else_is_warned() -> None:
    """Neither with a ground of one's own, a banner or a door, which asks by itself, nor before a shop is connected."""
    assert warned(consent="off") == []
    assert warned(shop=Shop(origins=ORIGINS, consent_adapter="tcf")) == []
    assert warned(shop=Shop(origins=ORIGINS, consent_banner=True)) == []
    assert warned(shop=Shop()) == []
    assert warned(PLAIN) == []
    assert warned(PLAIN, comparisons={"two": Comparison(quizzes=("coffee", "tea"), door=True)}) == []


def test_an_invitation_to_a_quiz_that_is_not_there_is_warned_of() -> None:
    """Its page would invite to nothing, and nobody would be told."""
    settings = Settings(invitations={"/tea*": InvitationSettings(quiz="tea")}, shop=SHOP)
    assert planning.warnings(settings, QUIZ) == [
        "invitations: /tea*: there is no quiz `tea`, so that this page invites to nothing; there is: `coffee`"
    ]


def test_a_shop_that_is_half_connected_is_warned_of() -> None:
    """Invitations that no page may show, and a holdout that no page draws; a quiz alone may stand on pages."""
    invited = Settings(invitations={"/coffee": InvitationSettings(quiz="coffee")})
    assert [line for line in planning.warnings(invited, QUIZ) if "origins = [" in line]
    drawn = Settings(shop=SHOP, holdout=Holdout(name="all", share=0.1))
    assert [line for line in planning.warnings(drawn, PLAIN) if "under [invitations]" in line]
    assert planning.warnings(Settings(shop=SHOP), PLAIN) == []
